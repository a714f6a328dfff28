package io.urteil.trainer.policy;

import io.urteil.model.DecoderConfig;
import io.urteil.trainer.policy.RotaryTable.Rotation;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A decoder of the Qwen2, Qwen3 or Llama shape, as a function of its {@link Parameters}: grouped
 * query attention, rotary positions, RMS norm before each block, SwiGLU. Qwen2 adds biases to q, k
 * and v, Qwen3 norms q and k on the head dimension. Layout and names are Hugging Face's.
 *
 * <p>Its tensors belong to the caller's {@code PointerScope}: one scope per micro-batch.
 */
final class Decoder implements AutoCloseable {

  private final DecoderConfig config;
  private final Parameters parameters;
  private final RotaryTable rotary;

  Decoder(Parameters parameters) {
    this.config = parameters.config();
    this.parameters = parameters;
    this.rotary = new RotaryTable(config.rotaryFrequencies(), parameters.scalarType());
  }

  Parameters parameters() {
    return parameters;
  }

  /**
   * Log-probabilities of a micro-batch's targets, {@code [targets]}, of the softmax at the given
   * temperature. The vocabulary is projected for predicting positions only.
   *
   * @throws IllegalArgumentException if a row is longer than the model's positions
   */
  Tensor logprobs(MicroBatch batch, double temperature) {
    if (batch.longestLength() > config.maxPositions()) {
      throw new IllegalArgumentException(
          "sequence of %d tokens (expected: at most %d, the model's max_position_embeddings)"
              .formatted(batch.longestLength(), config.maxPositions()));
    }
    Tensor inputs = Tensor.create(batch.inputs(), batch.rows().length, batch.width());
    Tensor hidden =
        hidden(inputs)
            .reshape(-1, config.hiddenSize())
            .index_select(0, Tensor.create(batch.predictors()));
    Tensor logits = torch.linear(norm(hidden, "model.norm"), parameters.outputEmbedding());
    Tensor scaled = temperature == 1 ? logits : logits.div(new Scalar(temperature));
    Tensor targets = Tensor.create(batch.targets(), batch.targets().length, 1);
    return torch.log_softmax(scaled, -1).gather(1, targets).squeeze(1);
  }

  @Override
  public void close() {
    rotary.close();
    parameters.close();
  }

  /**
   * {@code [rows, width]} token ids to {@code [rows, width, hiddenSize]}, before the final norm.
   */
  private Tensor hidden(Tensor inputs) {
    Rotation rotation = rotary.upTo(inputs.size(1));
    Tensor x = torch.embedding(parameters.get("model.embed_tokens.weight"), inputs);
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      x = x.add(attention(norm(x, prefix + "input_layernorm"), prefix + "self_attn.", rotation));
      x = x.add(feedForward(norm(x, prefix + "post_attention_layernorm"), prefix + "mlp."));
    }
    return x;
  }

  private Tensor attention(Tensor x, String prefix, Rotation rotation) {
    Tensor query = heads(x, prefix + "q", config.heads());
    Tensor key = heads(x, prefix + "k", config.keyValueHeads());
    Tensor value = heads(x, prefix + "v", config.keyValueHeads());
    if (config.queryKeyNorm()) {
      query = norm(query, prefix + "q_norm");
      key = norm(key, prefix + "k_norm");
    }
    Tensor mixed =
        torch.scaled_dot_product_attention(
            rotation.apply(query),
            perQueryHead(rotation.apply(key)),
            perQueryHead(value),
            new TensorOptional(),
            0.0,
            true,
            new DoubleOptional(),
            false);
    long width = (long) config.heads() * config.headDimension();
    return project(mixed.transpose(1, 2).reshape(x.size(0), x.size(1), width), prefix + "o_proj");
  }

  private Tensor feedForward(Tensor x, String prefix) {
    Tensor gate = torch.silu(project(x, prefix + "gate_proj"));
    return project(gate.mul(project(x, prefix + "up_proj")), prefix + "down_proj");
  }

  /** {@code [rows, width, hiddenSize]} to {@code [rows, heads, width, headDimension]}. */
  private Tensor heads(Tensor x, String prefix, long heads) {
    return project(x, prefix + "_proj")
        .view(x.size(0), x.size(1), heads, config.headDimension())
        .transpose(1, 2);
  }

  /** Repeats key or value heads so that each query head has its own. */
  private Tensor perQueryHead(Tensor x) {
    long repeats = config.heads() / config.keyValueHeads();
    if (repeats == 1) {
      return x;
    }
    long rows = x.size(0);
    long width = x.size(2);
    long dimension = config.headDimension();
    return x.unsqueeze(2)
        .expand(rows, config.keyValueHeads(), repeats, width, dimension)
        .reshape(rows, config.heads(), width, dimension);
  }

  private Tensor project(Tensor x, String name) {
    return parameters
        .find(name + ".bias")
        .map(bias -> torch.linear(x, parameters.get(name + ".weight"), new TensorOptional(bias)))
        .orElseGet(() -> torch.linear(x, parameters.get(name + ".weight")));
  }

  private Tensor norm(Tensor x, String name) {
    Tensor weight = parameters.get(name + ".weight");
    return torch.rms_norm(
        x,
        new long[] {weight.size(0)},
        new TensorOptional(weight),
        new DoubleOptional(config.rmsNormEpsilon()));
  }
}
