package io.urteil.bench.engine;

/**
 * Sizes of the measurements of {@link EngineBench}.
 *
 * @param larger the larger of the two models
 * @param context prompt tokens before measured decoding
 * @param tokens decoded tokens of each sequence
 * @param prefill prompt tokens of measured prefill
 * @param capacity capacity of a slot in tokens
 * @param demoPrompts prompts of a step with the demo's model, with 8 samples each
 * @param limits size of the measurement of hardware limits
 */
record BenchSize(
    BenchModel larger,
    int context,
    int tokens,
    int prefill,
    int capacity,
    int demoPrompts,
    HardwareLimits.Size limits) {

  /** The size of published figures. */
  static final BenchSize FULL =
      new BenchSize(BenchModel.BIG, 128, 48, 256, 512, 16, HardwareLimits.Size.FULL);
}
