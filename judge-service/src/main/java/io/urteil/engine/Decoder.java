package io.urteil.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.urteil.model.DecoderConfig;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One open model: a session, the slots of its sequences, and the tensors that a step reads and
 * writes, made once per batch size. One slot beyond those of the settings, the staging slot, takes
 * prompts that are read in pieces.
 *
 * <p>A run leaves its logits in {@link #logits()}, row by row, until the next run. Not safe for
 * several threads.
 */
final class Decoder implements AutoCloseable {

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final DecoderConfig config;
  private final int slots;
  private final int capacity;
  private final KeyValueCache cache;
  private final Arena arena = Arena.ofShared();
  private final LongBuffer tokens;
  private final IntBuffer lastPositions;
  private final IntBuffer totalLength;
  private final LongBuffer logitsPositions;
  private final LongBuffer firstPosition;
  private final FloatBuffer logits;
  private final @Nullable StepTensors[] decodeSteps;
  private long runtimeNanos;

  Decoder(
      OrtEnvironment environment,
      OrtSession session,
      DecoderConfig config,
      EngineSettings settings) {
    this.environment = environment;
    this.session = session;
    this.config = config;
    this.slots = settings.slots();
    this.capacity = settings.slotCapacity();
    this.cache = new KeyValueCache(environment, config, slots + 1, capacity);
    int newTokens = Math.max(slots, Math.max(settings.prefillTokens(), settings.prefillChunk()));
    this.tokens = bytes((long) newTokens * Long.BYTES).asLongBuffer();
    this.lastPositions = bytes((long) slots * Integer.BYTES).asIntBuffer();
    this.totalLength = bytes(Integer.BYTES).asIntBuffer();
    this.logitsPositions = bytes((long) slots * Long.BYTES).asLongBuffer();
    this.firstPosition = bytes((long) slots * Long.BYTES).asLongBuffer();
    this.logits = bytes((long) slots * config.outputs() * Float.BYTES).asFloatBuffer();
    this.decodeSteps = new StepTensors[slots + 1];
  }

  DecoderConfig config() {
    return config;
  }

  /** Slots for sequences that decode, numbered from 0. */
  int slots() {
    return slots;
  }

  /** Positions per slot. */
  int capacity() {
    return capacity;
  }

  int stagingSlot() {
    return slots;
  }

  /** Logits of the last run, {@code [row, vocabulary]}, or {@code [row, label]}. */
  FloatBuffer logits() {
    return logits;
  }

  /** Time spent in runs so far. */
  long runtimeNanos() {
    return runtimeNanos;
  }

  /**
   * What {@link #decode} will read for a row: its newest token, and where in the slot it stands.
   */
  void put(int row, int token, int position) {
    tokens.put(row, token);
    lastPositions.put(row, position);
  }

  /**
   * Extends slots 0 to {@code rows - 1} by the token put for each.
   *
   * @param longest largest position put, plus one
   */
  void decode(int rows, int longest) throws OrtException {
    StepTensors step = decodeSteps[rows];
    if (step == null) {
      step = stepTensors(0, rows, 1, firstPosition);
      decodeSteps[rows] = step;
    }
    totalLength.put(0, longest);
    run(step);
  }

  /** Reads whole prompts into empty slots from {@code firstSlot} on, one row each. */
  void prefill(int firstSlot, List<int[]> prompts) throws OrtException {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    for (int row = 0; row < prompts.size(); row++) {
      int[] prompt = prompts.get(row);
      for (int i = 0; i < longest; i++) {
        // What pads a row on the right is never looked at: causality hides it, decoding replaces
        // it.
        tokens.put(row * longest + i, i < prompt.length ? prompt[i] : prompt[prompt.length - 1]);
      }
      lastPositions.put(row, prompt.length - 1);
      logitsPositions.put(row, prompt.length - 1);
    }
    totalLength.put(0, longest);
    try (StepTensors step = stepTensors(firstSlot, prompts.size(), longest, logitsPositions)) {
      run(step);
    }
  }

  /** Reads the prompt's tokens {@code from} to {@code to - 1} behind those that the slot has. */
  void extend(int slot, int[] prompt, int from, int to) throws OrtException {
    for (int i = from; i < to; i++) {
      tokens.put(i - from, prompt[i]);
    }
    lastPositions.put(0, to - 1);
    logitsPositions.put(0, to - from - 1);
    totalLength.put(0, to);
    try (StepTensors step = stepTensors(slot, 1, to - from, logitsPositions)) {
      run(step);
    }
  }

  /** Makes the first {@code length} positions of a slot those of another. */
  void copy(int from, int to, int length) {
    cache.copy(from, to, length);
  }

  @Override
  public void close() {
    for (StepTensors step : decodeSteps) {
      if (step != null) {
        step.close();
      }
    }
    try {
      session.close();
    } catch (OrtException e) {
      throw new EngineException("The session could not be closed", e);
    } finally {
      cache.close();
      arena.close();
    }
  }

  private void run(StepTensors step) throws OrtException {
    long start = System.nanoTime();
    session.run(step.inputs(), step.outputs()).close();
    runtimeNanos += System.nanoTime() - start;
  }

  private StepTensors stepTensors(int firstSlot, int rows, int newTokens, LongBuffer wanted)
      throws OrtException {
    return new StepTensors()
        .input(
            DecoderGraph.INPUT_IDS,
            OnnxTensor.createTensor(
                environment,
                tokens.duplicate().limit(rows * newTokens),
                new long[] {rows, newTokens}))
        .input(
            DecoderGraph.LAST_POSITION,
            OnnxTensor.createTensor(
                environment, lastPositions.duplicate().limit(rows), new long[] {rows}))
        .input(
            DecoderGraph.TOTAL_LENGTH,
            OnnxTensor.createTensor(environment, totalLength.duplicate(), new long[0]))
        .input(
            DecoderGraph.LOGITS_POSITION,
            OnnxTensor.createTensor(
                environment, wanted.duplicate().limit(rows), new long[] {rows, 1}))
        .logits(
            OnnxTensor.createTensor(
                environment,
                logits.duplicate().limit(rows * config.outputs()),
                new long[] {rows, config.outputs()}))
        .cache(cache.view(firstSlot, rows));
  }

  private ByteBuffer bytes(long size) {
    return arena.allocate(size, 64).asByteBuffer().order(ByteOrder.nativeOrder());
  }
}
