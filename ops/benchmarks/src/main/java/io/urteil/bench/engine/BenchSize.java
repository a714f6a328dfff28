package io.urteil.bench.engine;

/**
 * How much {@link EngineBench} measures at a time.
 *
 * @param larger the model beside the demo's
 * @param context tokens behind which decoding is timed
 * @param tokens decoded then, by each sequence
 * @param prefill tokens of a prompt whose reading is timed
 * @param capacity of a slot
 * @param demoPrompts of a step on the demo's model, with 8 samples each
 * @param ceiling how the machine's own ceilings are found
 */
record BenchSize(
    BenchModel larger,
    int context,
    int tokens,
    int prefill,
    int capacity,
    int demoPrompts,
    HardwareLimits.Size ceiling) {

  /** That of figures to quote. */
  static final BenchSize FULL =
      new BenchSize(BenchModel.BIG, 128, 48, 256, 512, 16, HardwareLimits.Size.FULL);
}
