package io.urteil.engine;

/**
 * How much an engine takes in at once, and how it goes about it.
 *
 * @param slots sequences that decode together; each loaded version has as many
 * @param slotCapacity tokens per slot, prompt and completion together
 * @param prefillTokens padded tokens of fresh prompts read in one run, several prompts together
 * @param prefillChunk longer prompts are read in pieces of this many tokens, with a decode step of
 *     the others after each; prompts share what they have in common in whole pieces
 * @param threads of the runtime inside one operator; 1 is best for small models and small machines
 * @param requestLimit requests that may wait or run; the next is failed at once
 * @param spinMicros how long an idle thread of the runtime looks for work before it sleeps; 0 for
 *     not at all. 50 is worth a tenth of a batch-1 step on cores that nothing else uses, and costs
 *     more than that on shared ones
 * @param fixedShape whether every step runs all slots and every prompt is read by itself, so that
 *     tokens and log-probabilities are the same to the bit whatever else runs; costs the time of
 *     full batches
 * @param versions how many versions of a model must fit into memory before its first is taken in; 2
 *     where weights are exchanged while requests run
 * @param device where the model's runtime computes
 * @param weights the numbers that matrices are kept as and multiplied with
 */
public record EngineSettings(
    int slots,
    int slotCapacity,
    int prefillTokens,
    int prefillChunk,
    int threads,
    int requestLimit,
    int spinMicros,
    boolean fixedShape,
    int versions,
    Device device,
    WeightPrecision weights) {

  private static final int SPIN_MICROS = Integer.getInteger("urteil.engine.spin-micros", 0);
  private static final boolean FIXED_SHAPE = Integer.getInteger("urteil.engine.fixed-shape", 0) > 0;

  public EngineSettings {
    atLeast("slots", slots, 1);
    atLeast("slotCapacity", slotCapacity, 2);
    atLeast("prefillTokens", prefillTokens, 1);
    atLeast("prefillChunk", prefillChunk, 1);
    atLeast("threads", threads, 1);
    atLeast("requestLimit", requestLimit, 1);
    atLeast("spinMicros", spinMicros, 0);
    atLeast("versions", versions, 1);
  }

  /**
   * Slots and their capacity; spin, shape and device as the process was told, the rest as it suits
   * models from tiny to small.
   */
  public static EngineSettings of(int slots, int slotCapacity) {
    return new EngineSettings(
        slots,
        slotCapacity,
        512,
        128,
        1,
        10_000,
        SPIN_MICROS,
        FIXED_SHAPE,
        2,
        Device.configured(),
        WeightPrecision.F32);
  }

  public EngineSettings withThreads(int number) {
    return new EngineSettings(
        slots,
        slotCapacity,
        prefillTokens,
        prefillChunk,
        number,
        requestLimit,
        spinMicros,
        fixedShape,
        versions,
        device,
        weights);
  }

  public EngineSettings withPrefill(int tokens, int chunk) {
    return new EngineSettings(
        slots,
        slotCapacity,
        tokens,
        chunk,
        threads,
        requestLimit,
        spinMicros,
        fixedShape,
        versions,
        device,
        weights);
  }

  public EngineSettings withRequestLimit(int requests) {
    return new EngineSettings(
        slots,
        slotCapacity,
        prefillTokens,
        prefillChunk,
        threads,
        requests,
        spinMicros,
        fixedShape,
        versions,
        device,
        weights);
  }

  public EngineSettings withSpinMicros(int micros) {
    return new EngineSettings(
        slots,
        slotCapacity,
        prefillTokens,
        prefillChunk,
        threads,
        requestLimit,
        micros,
        fixedShape,
        versions,
        device,
        weights);
  }

  public EngineSettings withFixedShape(boolean fixed) {
    return new EngineSettings(
        slots,
        slotCapacity,
        prefillTokens,
        prefillChunk,
        threads,
        requestLimit,
        spinMicros,
        fixed,
        versions,
        device,
        weights);
  }

  public EngineSettings withVersions(int number) {
    return new EngineSettings(
        slots,
        slotCapacity,
        prefillTokens,
        prefillChunk,
        threads,
        requestLimit,
        spinMicros,
        fixedShape,
        number,
        device,
        weights);
  }

  public EngineSettings withDevice(Device other) {
    return new EngineSettings(
        slots,
        slotCapacity,
        prefillTokens,
        prefillChunk,
        threads,
        requestLimit,
        spinMicros,
        fixedShape,
        versions,
        other,
        weights);
  }

  public EngineSettings withWeights(WeightPrecision precision) {
    return new EngineSettings(
        slots,
        slotCapacity,
        prefillTokens,
        prefillChunk,
        threads,
        requestLimit,
        spinMicros,
        fixedShape,
        versions,
        device,
        precision);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: %d (expected: >= %d) in engine settings".formatted(name, value, least));
    }
  }
}
