package io.urteil.engine;

import java.util.function.Consumer;

/**
 * Capacity and execution settings of an engine.
 *
 * @param slots sequences that decode together; each loaded version has as many
 * @param slotCapacity tokens per slot, prompt and completion together
 * @param prefillTokens padded tokens of new prompts processed in one run, several prompts together
 * @param prefillChunk longer prompts are processed in chunks of this number of tokens, with a
 *     decode step of the other sequences after each; prompts share common prefixes in complete
 *     chunks
 * @param threads of the runtime inside one operator, and of sampling many rows; 1 is best for small
 *     models and small machines
 * @param requestLimit requests that may wait or run; further ones fail at once
 * @param spinMicros spin time of an idle thread of the runtime before it sleeps; 0 for none. 50
 *     saves a tenth of a batch-1 step on dedicated cores, and costs more than that on shared ones
 * @param fixedShape whether every step runs all slots and every prompt is processed alone, so that
 *     tokens and log-probabilities are bit-identical under any load; costs the time of full batches
 * @param versions number of versions of a model that must fit into memory before its first is
 *     accepted; 2 if weights are exchanged while requests run
 * @param device device of the model's runtime
 * @param weights number format of the matrices
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
   * Slots and their capacity; spin, shape and device from the system properties, and defaults for
   * tiny to small models.
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

  public EngineSettings withPrefill(int tokens, int chunk) {
    return changed(
        draft -> {
          draft.prefillTokens = tokens;
          draft.prefillChunk = chunk;
        });
  }

  public EngineSettings withThreads(int number) {
    return changed(draft -> draft.threads = number);
  }

  public EngineSettings withRequestLimit(int requests) {
    return changed(draft -> draft.requestLimit = requests);
  }

  public EngineSettings withSpinMicros(int micros) {
    return changed(draft -> draft.spinMicros = micros);
  }

  public EngineSettings withFixedShape(boolean fixed) {
    return changed(draft -> draft.fixedShape = fixed);
  }

  public EngineSettings withVersions(int number) {
    return changed(draft -> draft.versions = number);
  }

  public EngineSettings withDevice(Device other) {
    return changed(draft -> draft.device = other);
  }

  public EngineSettings withWeights(WeightPrecision precision) {
    return changed(draft -> draft.weights = precision);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: %d (expected: >= %d) in engine settings".formatted(name, value, least));
    }
  }

  private EngineSettings changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.made();
  }

  /** Settings under change. */
  private static final class Draft {
    private final int slots;
    private final int slotCapacity;
    private int prefillTokens;
    private int prefillChunk;
    private int threads;
    private int requestLimit;
    private int spinMicros;
    private boolean fixedShape;
    private int versions;
    private Device device;
    private WeightPrecision weights;

    Draft(EngineSettings settings) {
      this.slots = settings.slots;
      this.slotCapacity = settings.slotCapacity;
      this.prefillTokens = settings.prefillTokens;
      this.prefillChunk = settings.prefillChunk;
      this.threads = settings.threads;
      this.requestLimit = settings.requestLimit;
      this.spinMicros = settings.spinMicros;
      this.fixedShape = settings.fixedShape;
      this.versions = settings.versions;
      this.device = settings.device;
      this.weights = settings.weights;
    }

    EngineSettings made() {
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
          weights);
    }
  }
}
