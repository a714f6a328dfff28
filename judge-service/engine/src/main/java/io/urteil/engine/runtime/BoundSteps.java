package io.urteil.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.urteil.engine.Device;
import io.urteil.engine.EngineException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.device.BoundStep;
import io.urteil.engine.device.DeviceCopier;
import io.urteil.engine.device.DeviceMemory;
import io.urteil.engine.device.DeviceMemory.Block;
import io.urteil.engine.graph.DecoderGraph;
import io.urteil.engine.graph.GraphVariant;
import io.urteil.engine.graph.OnnxGraph.Element;
import io.urteil.model.DecoderConfig;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Steps on a device: keys, values and logits stay in its memory between runs. A step transfers the
 * tokens and their positions to the device, and {@link TopTokens} back; a block of a row's logits,
 * or the rows of a run, are transferred only on request.
 *
 * <p>On the processor, which then simulates the device, the same calls are made.
 */
final class BoundSteps implements StepRunner, Logits {

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final DecoderConfig config;
  private final StepBuffers buffers;
  private final Element element;
  private final int capacity;
  private final int top;
  private final Arena arena = Arena.ofShared();
  private final DeviceMemory memory;
  private final List<DeviceCopier> copiers = new ArrayList<>();
  private final List<Block> cache = new ArrayList<>();
  private final Block deviceLogits;
  private final DeviceCopier slotCopier;
  private final BoundStep fetcher;
  private final FloatBuffer logits;
  private final FloatBuffer values;
  private final LongBuffer ids;
  private final int blocks;
  private final FloatBuffer blockSums;
  private final FloatBuffer block;
  private final PreparedSteps steps;
  private final List<DeviceMemory.@Nullable Tensor[]> slotViews = new ArrayList<>();
  private int rows;
  private boolean fetched;

  /**
   * @param session of a graph in this variant
   * @param open opens further graphs on the same device
   */
  BoundSteps(
      OrtEnvironment environment,
      OrtSession session,
      DecoderConfig config,
      EngineSettings settings,
      GraphVariant form,
      StepBuffers buffers,
      Function<byte[], OrtSession> open) {
    this.environment = environment;
    this.session = session;
    this.config = config;
    this.buffers = buffers;
    this.element = form.element();
    this.top = form.top();
    this.capacity = settings.slotCapacity();
    int slots = settings.slots();
    Device device = settings.device();
    this.memory =
        new DeviceMemory(
            environment,
            session,
            device.kind() == Device.Kind.CUDA ? DeviceMemory.Device.CUDA : DeviceMemory.Device.CPU,
            device.index());
    try {
      int blocks = config.layers() * DecoderGraph.CACHE_PARTS.size();
      for (int block = 0; block < blocks; block++) {
        cache.add(memory.allocate((slots + 1) * slotBytes()));
        slotViews.add(new DeviceMemory.Tensor[slots + 1]);
      }
      this.deviceLogits = memory.allocate((long) slots * config.outputs() * Float.BYTES);
      this.slotCopier = new DeviceCopier(environment, blocks, element, open);
      copiers.add(slotCopier);
      DeviceCopier rowCopier = new DeviceCopier(environment, 1, Element.FLOAT, open);
      copiers.add(rowCopier);
      this.fetcher = rowCopier.copy();
    } catch (RuntimeException e) {
      closeOwned();
      throw e;
    }
    this.logits = floats((long) slots * config.outputs());
    this.values = floats((long) slots * top);
    this.ids = StepBuffers.bytes(arena, (long) slots * top * Long.BYTES).asLongBuffer();
    this.blocks = TopTokens.blocks(config.outputs());
    this.blockSums = floats((long) slots * blocks);
    this.block = floats(TopTokens.BLOCK);
    this.steps = new PreparedSteps(slots, Step::new);
  }

  @Override
  public void run(int firstSlot, int rows, int newTokens, boolean decoding) throws OrtException {
    this.rows = rows;
    this.fetched = false;
    steps.run(firstSlot, rows, newTokens, decoding);
  }

  @Override
  public Logits logits() {
    return this;
  }

  @Override
  public FloatBuffer rows() {
    if (!fetched) {
      fetch(0, logits, rows, config.outputs());
      fetched = true;
    }
    return logits;
  }

  @Override
  public FloatBuffer block(int row, int number) {
    int first = number * TopTokens.BLOCK;
    int length = Math.min(TopTokens.BLOCK, config.outputs() - first);
    fetch((long) row * config.outputs() + first, block, 1, length);
    return block.slice(0, length);
  }

  @Override
  public @Nullable TopTokens top() {
    return top == 0 ? null : new TopTokens(top, values, ids, blockSums, buffers.scales());
  }

  /** Copies the whole slot: one block for each layer's keys and values, not one for every head. */
  @Override
  public void copy(int from, int to, int length) {
    try (BoundStep copy = slotCopier.copy()) {
      for (int block = 0; block < cache.size(); block++) {
        copy.input(DeviceCopier.from(block), slotView(block, from));
        copy.output(DeviceCopier.to(block), slotView(block, to));
      }
      copy.run();
    }
  }

  @Override
  public void close() {
    steps.close();
    fetcher.close();
    try {
      closeOwned();
      session.close();
    } catch (OrtException e) {
      throw new EngineException("The session could not be closed", e);
    } finally {
      arena.close();
    }
  }

  private void closeOwned() {
    copiers.forEach(DeviceCopier::close);
    copiers.clear();
    memory.close();
  }

  private long slotBytes() {
    return (long) config.keyValueHeads() * capacity * config.headDimension() * element.bytes();
  }

  private DeviceMemory.Tensor slotView(int block, int slot) {
    DeviceMemory.@Nullable Tensor[] views = slotViews.get(block);
    DeviceMemory.Tensor view = views[slot];
    if (view == null) {
      view =
          memory.view(
              cache.get(block),
              slot * slotBytes(),
              type(element),
              1,
              slotBytes() / element.bytes());
      views[slot] = view;
    }
    return view;
  }

  private DeviceMemory.Tensor logitsView(int number) {
    return memory.view(deviceLogits, 0, OnnxJavaType.FLOAT, number, config.outputs());
  }

  /** Copies logits from the device, from the {@code first} on. */
  private void fetch(long first, FloatBuffer to, int rows, int columns) {
    DeviceMemory.Tensor there =
        memory.view(deviceLogits, first * Float.BYTES, OnnxJavaType.FLOAT, rows, columns);
    try (OnnxTensor here =
        OnnxTensor.createTensor(
            environment, to.duplicate().limit(rows * columns), new long[] {rows, columns})) {
      fetcher.input(DeviceCopier.from(0), there).output(DeviceCopier.to(0), here).run();
    } catch (OrtException e) {
      throw new EngineException("Logits could not be fetched from the device", e);
    } finally {
      memory.release(there);
    }
  }

  private FloatBuffer floats(long number) {
    return StepBuffers.bytes(arena, number * Float.BYTES).asFloatBuffer();
  }

  private static OnnxJavaType type(Element element) {
    return switch (element) {
      case FLOAT -> OnnxJavaType.FLOAT;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
      default -> throw new IllegalArgumentException(element + " (expected: a floating-point type)");
    };
  }

  /** One shape of run, bound. Changed host tensors are bound again before each run. */
  private final class Step implements PreparedSteps.Step {

    private final BoundStep bound = new BoundStep(environment, session);
    private final List<OnnxTensor> host = new ArrayList<>();
    private final List<DeviceMemory.Tensor> device = new ArrayList<>();
    private final List<String> inputs = new ArrayList<>();

    Step(int firstSlot, int rows, int newTokens, boolean decoding) throws OrtException {
      try {
        input(
            DecoderGraph.INPUT_IDS,
            OnnxTensor.createTensor(
                environment,
                buffers.tokens().duplicate().limit(rows * newTokens),
                shape(rows, newTokens)));
        input(
            DecoderGraph.LAST_POSITION,
            OnnxTensor.createTensor(
                environment, buffers.lastPositions().duplicate().limit(rows), shape(rows)));
        input(
            DecoderGraph.TOTAL_LENGTH,
            OnnxTensor.createTensor(environment, buffers.totalLength().duplicate(), shape()));
        input(
            DecoderGraph.LOGITS_POSITION,
            OnnxTensor.createTensor(
                environment, buffers.wanted(decoding).duplicate().limit(rows), shape(rows, 1)));
        DeviceMemory.Tensor whole = logitsView(rows);
        device.add(whole);
        bound.output(DecoderGraph.LOGITS, whole);
        if (top > 0) {
          bindTop(rows);
        }
        bindCache(firstSlot, rows);
      } catch (RuntimeException | OrtException e) {
        close();
        throw e;
      }
    }

    @Override
    public void run() {
      for (int i = 0; i < inputs.size(); i++) {
        bound.input(inputs.get(i), host.get(i));
      }
      bound.run();
    }

    @Override
    public void close() {
      bound.close();
      device.forEach(memory::release);
      host.forEach(OnnxTensor::close);
    }

    private void input(String name, OnnxTensor tensor) {
      inputs.add(name);
      host.add(tensor);
    }

    private void bindTop(int rows) throws OrtException {
      input(
          DecoderGraph.SCALE,
          OnnxTensor.createTensor(
              environment, buffers.scales().duplicate().limit(rows), shape(rows, 1)));
      output(
          DecoderGraph.TOP_VALUES,
          OnnxTensor.createTensor(
              environment, values.duplicate().limit(rows * top), shape(rows, top)));
      output(
          DecoderGraph.TOP_IDS,
          OnnxTensor.createTensor(
              environment, ids.duplicate().limit(rows * top), shape(rows, top)));
      output(
          DecoderGraph.BLOCK_SUMS,
          OnnxTensor.createTensor(
              environment, blockSums.duplicate().limit(rows * blocks), shape(rows, blocks)));
    }

    private void output(String name, OnnxTensor tensor) {
      // After all inputs in the list, which are ordered by name.
      host.addLast(tensor);
      bound.output(name, tensor);
    }

    private void bindCache(int firstSlot, int rows) {
      for (int block = 0; block < cache.size(); block++) {
        DeviceMemory.Tensor run =
            memory.view(
                cache.get(block),
                firstSlot * slotBytes(),
                type(element),
                rows,
                config.keyValueHeads(),
                capacity,
                config.headDimension());
        device.add(run);
        int layer = block / DecoderGraph.CACHE_PARTS.size();
        String part = DecoderGraph.CACHE_PARTS.get(block % DecoderGraph.CACHE_PARTS.size());
        bound.input(DecoderGraph.past(layer, part), run);
        bound.output(DecoderGraph.present(layer, part), run);
      }
    }

    private static long[] shape(long... dimensions) {
      return dimensions;
    }
  }
}
