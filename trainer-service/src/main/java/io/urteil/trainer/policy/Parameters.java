package io.urteil.trainer.policy;

import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.WeightTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The trained tensors of a decoder by their Hugging Face names, in the order of its shape. */
final class Parameters implements AutoCloseable {

  private static final double INITIAL_DEVIATION = 0.02;

  private final DecoderConfig config;
  private final ScalarType scalarType;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private Parameters(
      DecoderConfig config, ScalarType scalarType, Function<String, float[]> values) {
    this.config = config;
    this.scalarType = scalarType;
    config
        .tensorShapes()
        .forEach(
            (name, shape) -> {
              try (PointerScope scope = new PointerScope()) {
                Tensor tensor =
                    Tensors.keep(Tensor.create(values.apply(name), shape).to(scalarType).clone());
                tensor.set_requires_grad(true);
                tensors.put(name, tensor);
              }
            });
  }

  /** Copies the weights of a model directory. */
  static Parameters of(ModelDirectory directory, ScalarType scalarType) {
    Map<String, WeightTensor> weights = directory.weights();
    return new Parameters(directory.config(), scalarType, name -> weightOf(weights, name).floats());
  }

  /**
   * A new model: norms 1, biases 0, everything else normal with deviation 0.02, divided by sqrt(2
   * layers) for the projections that write to the residual stream (GPT-2, Radford et al. 2019,
   * section 2.3). The numbers come from {@link Random}, so a seed produces the same model on every
   * machine.
   */
  static Parameters random(DecoderConfig config, long seed, ScalarType scalarType) {
    Random random = new Random(seed);
    Map<String, long[]> shapes = config.tensorShapes();
    return new Parameters(
        config,
        scalarType,
        name -> initial(name, elements(shapes.getOrDefault(name, new long[0])), config, random));
  }

  DecoderConfig config() {
    return config;
  }

  ScalarType scalarType() {
    return scalarType;
  }

  Tensor get(String name) {
    return find(name)
        .orElseThrow(
            () -> new IllegalArgumentException("no parameter '%s' in the model".formatted(name)));
  }

  Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** The output head, {@code [vocabulary, hidden]}. */
  Tensor outputEmbedding() {
    return get(config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
  }

  void forEach(BiConsumer<String, Tensor> action) {
    tensors.forEach(action);
  }

  /** All tensors; belongs to the caller's scope. */
  TensorVector vector() {
    return new TensorVector(tensors.values().toArray(Tensor[]::new));
  }

  void clearGradients() {
    try (PointerScope scope = new PointerScope()) {
      tensors.values().forEach(tensor -> tensor.mutable_grad().reset());
    }
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::releaseReference);
  }

  private static float[] initial(String name, int elements, DecoderConfig config, Random random) {
    float[] values = new float[elements];
    if (name.endsWith("norm.weight")) {
      Arrays.fill(values, 1);
    } else if (!name.endsWith(".bias")) {
      boolean residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
      double deviation = INITIAL_DEVIATION / (residual ? Math.sqrt(2.0 * config.layers()) : 1);
      for (int i = 0; i < elements; i++) {
        values[i] = (float) (deviation * random.nextGaussian());
      }
    }
    return values;
  }

  private static int elements(long[] shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    return Math.toIntExact(elements);
  }

  private static WeightTensor weightOf(Map<String, WeightTensor> weights, String name) {
    WeightTensor weight = weights.get(name);
    if (weight == null) {
      throw new IllegalArgumentException("no tensor '%s' in the model directory".formatted(name));
    }
    return weight;
  }
}
