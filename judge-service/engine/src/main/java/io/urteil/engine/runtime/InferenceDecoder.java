package io.urteil.engine.runtime;

import ai.onnxruntime.OrtException;
import io.urteil.engine.CacheShape;
import io.urteil.engine.EngineSettings;
import io.urteil.model.DecoderConfig;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Function;

/**
 * One open model: its slots, and the input of a step. One slot beyond those of the settings, the
 * staging slot, holds a prompt that is processed in chunks.
 *
 * <p>A run leaves its logits in {@link #logits()}, row by row, until the next run. Not thread-safe.
 */
public final class InferenceDecoder implements AutoCloseable {

  private final DecoderConfig config;
  private final int slots;
  private final int capacity;
  private final CacheShape cacheShape;
  private final Arena arena = Arena.ofShared();
  private final StepBuffers buffers;
  private final StepRunner runner;
  private long runtimeNanos;

  /**
   * @param runner creates the step runner, and is closed with this
   */
  InferenceDecoder(
      DecoderConfig config, EngineSettings settings, Function<StepBuffers, StepRunner> runner) {
    this.config = config;
    this.slots = settings.slots();
    this.capacity = settings.slotCapacity();
    this.cacheShape = settings.cacheShape(config).withPages(PagedMemory.PAGE_BYTES);
    this.buffers = StepBuffers.allocate(arena, settings);
    try {
      this.runner = runner.apply(buffers);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  public DecoderConfig config() {
    return config;
  }

  /** Slots for sequences that decode, numbered from 0. */
  public int slots() {
    return slots;
  }

  /** Positions per slot. */
  public int capacity() {
    return capacity;
  }

  /** Sizes of a slot. */
  public CacheShape cacheShape() {
    return cacheShape;
  }

  public int stagingSlot() {
    return slots;
  }

  /** Logits of the last run. */
  public Logits logits() {
    return runner.logits();
  }

  /** Time spent in runs so far. */
  public long runtimeNanos() {
    return runtimeNanos;
  }

  /** The same at temperature 1. */
  public void put(int row, int token, int position) {
    put(row, token, position, 1);
  }

  /**
   * Sets the input of {@link #decode} for a row: its newest token, and its position in the slot.
   *
   * @param temperature of the next token
   */
  public void put(int row, int token, int position, double temperature) {
    buffers.tokens().put(row, token);
    buffers.lastPositions().put(row, position);
    buffers.scales().put(row, scale(temperature));
  }

  /** The factor of logits at a temperature; 1 at 0, where nothing is summed. */
  public static float scale(double temperature) {
    return temperature == 0 ? 1 : (float) (1 / temperature);
  }

  /**
   * Extends slots 0 to {@code rows - 1} by their tokens.
   *
   * @param longest largest position, plus one
   */
  public void decode(int rows, int longest) throws OrtException {
    buffers.totalLength().put(0, longest);
    run(0, rows, 1, true);
  }

  /** Processes complete prompts into empty slots from {@code firstSlot} on, one row each. */
  public void prefill(int firstSlot, List<int[]> prompts) throws OrtException {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    for (int row = 0; row < prompts.size(); row++) {
      int[] prompt = prompts.get(row);
      for (int i = 0; i < longest; i++) {
        // Padding on the right of a row is never read: causality hides it, decoding replaces it.
        buffers
            .tokens()
            .put(row * longest + i, i < prompt.length ? prompt[i] : prompt[prompt.length - 1]);
      }
      buffers.lastPositions().put(row, prompt.length - 1);
      buffers.logitsPositions().put(row, prompt.length - 1);
      buffers.scales().put(row, 1);
    }
    buffers.totalLength().put(0, longest);
    run(firstSlot, prompts.size(), longest, false);
  }

  /** Processes the prompt's tokens {@code from} to {@code to - 1} after those in the slot. */
  public void extend(int slot, int[] prompt, int from, int to) throws OrtException {
    for (int i = from; i < to; i++) {
      buffers.tokens().put(i - from, prompt[i]);
    }
    buffers.lastPositions().put(0, to - 1);
    buffers.logitsPositions().put(0, to - from - 1);
    buffers.scales().put(0, 1);
    buffers.totalLength().put(0, to);
    run(slot, 1, to - from, false);
  }

  /** Copies the first {@code length} positions of a slot from another. */
  public void copy(int from, int to, int length) {
    runner.copy(from, to, length);
  }

  /** The same, and gives back the memory of the first slot. */
  public void move(int from, int to, int length) {
    runner.move(from, to, length);
  }

  /**
   * Gives back the memory of a slot beyond its first {@code length} positions, whose content is
   * then lost. On a card, and where the operating system keeps it, nothing happens.
   */
  public void release(int slot, int length) {
    runner.release(slot, length);
  }

  @Override
  public void close() {
    try {
      runner.close();
    } finally {
      arena.close();
    }
  }

  private void run(int firstSlot, int rows, int newTokens, boolean decoding) throws OrtException {
    long start = System.nanoTime();
    runner.run(firstSlot, rows, newTokens, decoding);
    runtimeNanos += System.nanoTime() - start;
  }
}
