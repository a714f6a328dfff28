package io.urteil.engine;

import static java.util.Objects.requireNonNull;

import io.urteil.model.DecoderConfig;
import java.util.function.Consumer;

/**
 * Capacity and execution settings of an engine.
 *
 * @param slots sequences that decode together; each loaded version has as many
 * @param slotCapacity maximum tokens of a slot, prompt and completion together
 * @param prefillTokens tokens of new prompts processed in one run, with a decode step of the other
 *     sequences after each: those of several short prompts with padding, or of one long prompt
 * @param prefillChunk the longest prompt that is processed together with others; with a fixed shape
 *     all prompts are processed in chunks of this number of tokens, and share common prefixes in
 *     complete chunks
 * @param threads of the runtime inside one operator, and of sampling many rows; 1 is best for small
 *     models and small machines
 * @param requestLimit requests that may wait or run; further ones fail at once
 * @param versions number of versions of a model that must fit into memory before its first is
 *     accepted; 2 if weights are exchanged while requests run
 * @param weights number format of the matrices
 * @param runtime what all engines of the process share
 * @param cacheBytes memory for the keys and values of one version: {@link #WHOLE_SLOTS}, {@link
 *     #AUTO}, or a number. A sequence starts when it fits beside the running ones
 * @param reasons of these numbers, for the log
 */
public record EngineSettings(
    int slots,
    int slotCapacity,
    int prefillTokens,
    int prefillChunk,
    int threads,
    int requestLimit,
    int versions,
    WeightPrecision weights,
    RuntimeSettings runtime,
    long cacheBytes,
    Reasons reasons) {

  /** As {@link #cacheBytes}: room for all slots at their full length. */
  public static final long WHOLE_SLOTS = Long.MAX_VALUE;

  /** As {@link #cacheBytes}: decided when the first version is opened, by the memory then free. */
  public static final long AUTO = 0;

  /** Why an engine has its slots, their capacity and its threads. */
  public record Reasons(String slots, String slotCapacity, String threads) {

    static final Reasons SET = new Reasons("set", "set", "set");
  }

  public EngineSettings {
    atLeast("slots", slots, 1);
    atLeast("slotCapacity", slotCapacity, 2);
    atLeast("prefillTokens", prefillTokens, 1);
    atLeast("prefillChunk", prefillChunk, 1);
    atLeast("threads", threads, 1);
    atLeast("requestLimit", requestLimit, 1);
    atLeast("versions", versions, 1);
    requireNonNull(reasons, "reasons");
    if (cacheBytes < AUTO) {
      throw new IllegalArgumentException(
          "cacheBytes: %d (expected: >= 0) in engine settings".formatted(cacheBytes));
    }
  }

  /** Slots and their capacity, and defaults for tiny to small models on the processor. */
  public static EngineSettings of(int slots, int slotCapacity) {
    return new EngineSettings(
        slots,
        slotCapacity,
        512,
        128,
        1,
        10_000,
        2,
        WeightPrecision.F32,
        RuntimeSettings.defaults(),
        WHOLE_SLOTS,
        Reasons.SET);
  }

  public EngineSettings withPrefill(int tokens, int chunk) {
    return changed(
        draft -> {
          draft.prefillTokens = tokens;
          draft.prefillChunk = chunk;
        });
  }

  /** The same with other slots. */
  public EngineSettings withSlots(int number, int capacity) {
    return changed(
        draft -> {
          draft.slots = number;
          draft.slotCapacity = capacity;
        });
  }

  public EngineSettings withThreads(int number) {
    return changed(draft -> draft.threads = number);
  }

  /** The same with the threads that the runtime's settings choose for a model of this shape. */
  public EngineSettings withThreadsFor(DecoderConfig shape) {
    ThreadSettings.Choice choice = runtime.threads(shape);
    return changed(
        draft -> {
          draft.threads = choice.number();
          draft.reasons = new Reasons(reasons.slots(), reasons.slotCapacity(), choice.reason());
        });
  }

  /** The same with this memory for keys and values. */
  public EngineSettings withCache(long bytes) {
    return changed(draft -> draft.cacheBytes = bytes);
  }

  /** The same for these reasons. */
  EngineSettings because(Reasons why) {
    return changed(draft -> draft.reasons = why);
  }

  /** Sizes of the keys and values of a model of this shape. */
  public CacheShape cacheShape(DecoderConfig shape) {
    return CacheShape.of(shape, slotCapacity, device().cacheBytes());
  }

  public EngineSettings withRequestLimit(int requests) {
    return changed(draft -> draft.requestLimit = requests);
  }

  /** The same on a machine that is used like this. */
  public EngineSettings on(RuntimeSettings machine) {
    return changed(draft -> draft.runtime = machine);
  }

  public EngineSettings withSpinMicros(int micros) {
    return on(runtime.withSpinMicros(micros));
  }

  public EngineSettings withFixedShape(boolean fixed) {
    return on(runtime.withFixedShape(fixed));
  }

  public EngineSettings withVersions(int number) {
    return changed(draft -> draft.versions = number);
  }

  public EngineSettings withDevice(Device other) {
    return on(runtime.withDevice(other));
  }

  public EngineSettings withWeights(WeightPrecision precision) {
    return changed(draft -> draft.weights = precision);
  }

  /** Where the model's runtime computes. */
  public Device device() {
    return runtime.device();
  }

  public int spinMicros() {
    return runtime.spinMicros();
  }

  public boolean fixedShape() {
    return runtime.fixedShape();
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
    private int slots;
    private int slotCapacity;
    private int prefillTokens;
    private int prefillChunk;
    private int threads;
    private int requestLimit;
    private int versions;
    private WeightPrecision weights;
    private RuntimeSettings runtime;
    private long cacheBytes;
    private Reasons reasons;

    Draft(EngineSettings settings) {
      this.slots = settings.slots;
      this.slotCapacity = settings.slotCapacity;
      this.prefillTokens = settings.prefillTokens;
      this.prefillChunk = settings.prefillChunk;
      this.threads = settings.threads;
      this.requestLimit = settings.requestLimit;
      this.versions = settings.versions;
      this.weights = settings.weights;
      this.runtime = settings.runtime;
      this.cacheBytes = settings.cacheBytes;
      this.reasons = settings.reasons;
    }

    EngineSettings made() {
      return new EngineSettings(
          slots,
          slotCapacity,
          prefillTokens,
          prefillChunk,
          threads,
          requestLimit,
          versions,
          weights,
          runtime,
          cacheBytes,
          reasons);
    }
  }
}
