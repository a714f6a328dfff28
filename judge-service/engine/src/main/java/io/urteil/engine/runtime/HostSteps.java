package io.urteil.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.urteil.engine.EngineException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.graph.DecoderGraph;
import io.urteil.engine.graph.GraphVariant;
import io.urteil.engine.graph.OnnxGraph.Element;
import io.urteil.model.DecoderConfig;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Steps on the processor, through the runtime's Java interface; the tensors of a decode step are
 * created once for each number of rows.
 */
final class HostSteps implements StepRunner, Logits {

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final DecoderConfig config;
  private final StepBuffers buffers;
  private final KeyValueCache cache;
  private final Arena arena = Arena.ofShared();
  private final FloatBuffer logits;
  private final PreparedSteps steps;

  HostSteps(
      OrtEnvironment environment,
      OrtSession session,
      DecoderConfig config,
      EngineSettings settings,
      GraphVariant form,
      StepBuffers buffers) {
    this.environment = environment;
    this.session = session;
    this.config = config;
    this.buffers = buffers;
    this.cache =
        new KeyValueCache(
            environment,
            config,
            settings.slots() + 1,
            settings.slotCapacity(),
            form.cache() == Element.FLOAT16 ? OnnxJavaType.FLOAT16 : OnnxJavaType.FLOAT);
    this.logits =
        StepBuffers.bytes(arena, (long) settings.slots() * config.outputs() * Float.BYTES)
            .asFloatBuffer();
    this.steps = new PreparedSteps(settings.slots(), this::step);
  }

  @Override
  public void run(int firstSlot, int rows, int newTokens, boolean decoding) throws OrtException {
    steps.run(firstSlot, rows, newTokens, decoding);
  }

  @Override
  public Logits logits() {
    return this;
  }

  @Override
  public FloatBuffer rows() {
    return logits;
  }

  @Override
  public FloatBuffer block(int row, int block) {
    int first = row * config.outputs() + block * TopTokens.BLOCK;
    int number = Math.min(TopTokens.BLOCK, config.outputs() - block * TopTokens.BLOCK);
    return logits.slice(first, number);
  }

  @Override
  public @Nullable TopTokens top() {
    return null;
  }

  @Override
  public void copy(int from, int to, int length) {
    cache.copy(from, to, length);
  }

  @Override
  public void move(int from, int to, int length) {
    cache.move(from, to, length);
  }

  @Override
  public void release(int slot, int length) {
    cache.release(slot, length);
  }

  @Override
  public void close() {
    steps.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new EngineException("The session could not be closed", e);
    } finally {
      cache.close();
      arena.close();
    }
  }

  private PreparedSteps.Step step(int firstSlot, int rows, int newTokens, boolean decoding)
      throws OrtException {
    return new Step(session, tensors(firstSlot, rows, newTokens, decoding));
  }

  private StepTensors tensors(int firstSlot, int rows, int newTokens, boolean decoding)
      throws OrtException {
    return new StepTensors()
        .input(
            DecoderGraph.INPUT_IDS,
            OnnxTensor.createTensor(
                environment,
                buffers.tokens().duplicate().limit(rows * newTokens),
                new long[] {rows, newTokens}))
        .input(
            DecoderGraph.LAST_POSITION,
            OnnxTensor.createTensor(
                environment, buffers.lastPositions().duplicate().limit(rows), new long[] {rows}))
        .input(
            DecoderGraph.TOTAL_LENGTH,
            OnnxTensor.createTensor(environment, buffers.totalLength().duplicate(), new long[0]))
        .input(
            DecoderGraph.LOGITS_POSITION,
            OnnxTensor.createTensor(
                environment,
                buffers.wanted(decoding).duplicate().limit(rows),
                new long[] {rows, 1}))
        .logits(
            OnnxTensor.createTensor(
                environment,
                logits.duplicate().limit(rows * config.outputs()),
                new long[] {rows, config.outputs()}))
        .cache(cache.view(firstSlot, rows));
  }

  private record Step(OrtSession session, StepTensors tensors) implements PreparedSteps.Step {

    @Override
    public void run() throws OrtException {
      session.run(tensors.inputs(), tensors.outputs()).close();
    }

    @Override
    public void close() {
      tensors.close();
    }
  }
}
