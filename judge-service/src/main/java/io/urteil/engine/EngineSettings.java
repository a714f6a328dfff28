package io.urteil.engine;

/**
 * How much a CPU engine takes in at once.
 *
 * @param slots sequences that decode together; each loaded version has as many
 * @param slotCapacity tokens per slot, prompt and completion together
 * @param prefillTokens padded tokens of fresh prompts read in one run, several prompts together
 * @param prefillChunk longer prompts are read in pieces of this many tokens, with a decode step of
 *     the others after each
 * @param threads of the runtime inside one operator; 1 is best for small models and small machines
 * @param requestLimit requests that may wait or run; the next is failed at once
 */
public record EngineSettings(
    int slots,
    int slotCapacity,
    int prefillTokens,
    int prefillChunk,
    int threads,
    int requestLimit) {

  public EngineSettings {
    atLeast("slots", slots, 1);
    atLeast("slotCapacity", slotCapacity, 2);
    atLeast("prefillTokens", prefillTokens, 1);
    atLeast("prefillChunk", prefillChunk, 1);
    atLeast("threads", threads, 1);
    atLeast("requestLimit", requestLimit, 1);
  }

  /** Slots and their capacity; the rest as it suits models from tiny to small. */
  public static EngineSettings of(int slots, int slotCapacity) {
    return new EngineSettings(slots, slotCapacity, 512, 256, 1, 10_000);
  }

  public EngineSettings withThreads(int number) {
    return new EngineSettings(
        slots, slotCapacity, prefillTokens, prefillChunk, number, requestLimit);
  }

  public EngineSettings withPrefill(int tokens, int chunk) {
    return new EngineSettings(slots, slotCapacity, tokens, chunk, threads, requestLimit);
  }

  public EngineSettings withRequestLimit(int requests) {
    return new EngineSettings(slots, slotCapacity, prefillTokens, prefillChunk, threads, requests);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: %d (expected: >= %d) in engine settings".formatted(name, value, least));
    }
  }
}
