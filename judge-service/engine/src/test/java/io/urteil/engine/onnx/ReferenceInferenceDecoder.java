package io.urteil.engine.onnx;

import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A decoder in double precision, one sequence at a time and every sum written out, as Hugging
 * Face's modeling_qwen2, modeling_qwen3 and modeling_llama compute it.
 */
public final class ReferenceInferenceDecoder {

  private final DecoderConfig config;
  private final Map<String, float[]> weights = new HashMap<>();

  public ReferenceInferenceDecoder(Path directory) throws IOException {
    ModelDirectory model = ModelDirectory.open(directory);
    config = model.config();
    model.weights().forEach((name, tensor) -> weights.put(name, tensor.floats()));
  }

  /** Logits behind the last token. */
  public double[] logits(int[] tokens) {
    double[][] all = forward(tokens);
    return all[all.length - 1];
  }

  /** Log-probability, at a temperature, of each completion token given all before it. */
  public double[] logProbabilities(int[] prompt, int[] completion, double temperature) {
    int[] tokens = new int[prompt.length + completion.length];
    System.arraycopy(prompt, 0, tokens, 0, prompt.length);
    System.arraycopy(completion, 0, tokens, prompt.length, completion.length);
    double[][] logits = forward(tokens);
    double[] result = new double[completion.length];
    for (int i = 0; i < result.length; i++) {
      double[] row = logits[prompt.length + i - 1];
      double sum = 0;
      for (double logit : row) {
        sum += Math.exp((logit - row[completion[i]]) / temperature);
      }
      result[i] = -Math.log(sum);
    }
    return result;
  }

  private double[][] forward(int[] tokens) {
    double[][] hidden = new double[tokens.length][config.hiddenSize()];
    float[] embeddings = weight("model.embed_tokens.weight");
    for (int t = 0; t < tokens.length; t++) {
      for (int i = 0; i < config.hiddenSize(); i++) {
        hidden[t][i] = embeddings[tokens[t] * config.hiddenSize() + i];
      }
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      attention(hidden, prefix);
      for (double[] row : hidden) {
        double[] normed = norm(row, 0, row.length, prefix + "post_attention_layernorm.weight");
        double[] gate = linear(normed, prefix + "mlp.gate_proj");
        double[] up = linear(normed, prefix + "mlp.up_proj");
        for (int i = 0; i < gate.length; i++) {
          gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        }
        add(row, linear(gate, prefix + "mlp.down_proj"));
      }
    }
    double[][] logits = new double[tokens.length][];
    String head = config.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
    for (int t = 0; t < tokens.length; t++) {
      logits[t] = linear(norm(hidden[t], 0, hidden[t].length, "model.norm.weight"), head);
    }
    return logits;
  }

  private void attention(double[][] hidden, String prefix) {
    int dimension = config.headDimension();
    int group = config.heads() / config.keyValueHeads();
    double[][] keys = new double[hidden.length][];
    double[][] values = new double[hidden.length][];
    for (int t = 0; t < hidden.length; t++) {
      double[] normed = norm(hidden[t], 0, hidden[t].length, prefix + "input_layernorm.weight");
      double[] queries = linear(normed, prefix + "self_attn.q_proj");
      keys[t] = linear(normed, prefix + "self_attn.k_proj");
      values[t] = linear(normed, prefix + "self_attn.v_proj");
      if (config.queryKeyNorm()) {
        normHeads(queries, prefix + "self_attn.q_norm.weight");
        normHeads(keys[t], prefix + "self_attn.k_norm.weight");
      }
      rotate(queries, t);
      rotate(keys[t], t);
      double[] attended = new double[config.heads() * dimension];
      for (int head = 0; head < config.heads(); head++) {
        int shared = head / group;
        double[] scores = new double[t + 1];
        double sum = 0;
        for (int u = 0; u <= t; u++) {
          double dot = 0;
          for (int i = 0; i < dimension; i++) {
            dot += queries[head * dimension + i] * keys[u][shared * dimension + i];
          }
          scores[u] = Math.exp(dot / Math.sqrt(dimension));
          sum += scores[u];
        }
        for (int u = 0; u <= t; u++) {
          for (int i = 0; i < dimension; i++) {
            attended[head * dimension + i] += scores[u] / sum * values[u][shared * dimension + i];
          }
        }
      }
      // Later positions read this one's keys, which are taken; its hidden row may change now.
      add(hidden[t], linear(attended, prefix + "self_attn.o_proj"));
    }
  }

  private double[] linear(double[] from, String name) {
    float[] matrix = weight(name + ".weight");
    float[] bias = weights.get(name + ".bias");
    double[] to = new double[matrix.length / from.length];
    for (int row = 0; row < to.length; row++) {
      double sum = bias == null ? 0 : bias[row];
      for (int i = 0; i < from.length; i++) {
        sum += matrix[row * from.length + i] * from[i];
      }
      to[row] = sum;
    }
    return to;
  }

  private double[] norm(double[] from, int offset, int length, String name) {
    float[] scale = weight(name);
    double squares = 0;
    for (int i = 0; i < length; i++) {
      squares += from[offset + i] * from[offset + i];
    }
    double factor = 1 / Math.sqrt(squares / length + config.rmsNormEpsilon());
    double[] to = new double[length];
    for (int i = 0; i < length; i++) {
      to[i] = from[offset + i] * factor * scale[i];
    }
    return to;
  }

  private void normHeads(double[] vectors, String name) {
    int dimension = config.headDimension();
    for (int offset = 0; offset < vectors.length; offset += dimension) {
      System.arraycopy(norm(vectors, offset, dimension, name), 0, vectors, offset, dimension);
    }
  }

  private void rotate(double[] vectors, int position) {
    int half = config.headDimension() / 2;
    for (int offset = 0; offset < vectors.length; offset += config.headDimension()) {
      for (int i = 0; i < half; i++) {
        double angle = position * Math.pow(config.ropeTheta(), -2.0 * i / config.headDimension());
        double first = vectors[offset + i];
        double second = vectors[offset + i + half];
        vectors[offset + i] = first * Math.cos(angle) - second * Math.sin(angle);
        vectors[offset + i + half] = second * Math.cos(angle) + first * Math.sin(angle);
      }
    }
  }

  private static void add(double[] to, double[] change) {
    for (int i = 0; i < to.length; i++) {
      to[i] += change[i];
    }
  }

  private float[] weight(String name) {
    return java.util.Objects.requireNonNull(weights.get(name), name);
  }
}
