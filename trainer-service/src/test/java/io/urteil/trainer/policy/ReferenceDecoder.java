package io.urteil.trainer.policy;

import io.urteil.model.DecoderConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The same decoder again, token by token in plain double arithmetic after Hugging Face's modelling
 * code, without tensors, batches or padding.
 */
final class ReferenceDecoder {

  private final DecoderConfig config;
  private final Map<String, double[]> weights = new HashMap<>();

  ReferenceDecoder(Parameters parameters) {
    this.config = parameters.config();
    parameters.forEach((name, tensor) -> weights.put(name, Tensors.doubles(tensor)));
  }

  /** log p(tokens[t] | tokens[0..t-1]) for t from 1 on. */
  double[] logprobs(int[] tokens, double temperature) {
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      x[t] = row("model.embed_tokens.weight", tokens[t], config.hiddenSize());
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      double[][] normed = new double[tokens.length][];
      for (int t = 0; t < tokens.length; t++) {
        normed[t] = norm(x[t], prefix + "input_layernorm");
      }
      double[][] mixed = attention(normed, prefix + "self_attn.");
      for (int t = 0; t < tokens.length; t++) {
        x[t] = sum(x[t], mixed[t]);
        x[t] =
            sum(
                x[t],
                feedForward(norm(x[t], prefix + "post_attention_layernorm"), prefix + "mlp."));
      }
    }
    double[] result = new double[tokens.length - 1];
    String head = config.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
    for (int t = 1; t < tokens.length; t++) {
      double[] logits = linear(norm(x[t - 1], "model.norm"), head);
      double exponentials = 0;
      for (double logit : logits) {
        exponentials += Math.exp(logit / temperature);
      }
      result[t - 1] = logits[tokens[t]] / temperature - Math.log(exponentials);
    }
    return result;
  }

  private double[][] attention(double[][] x, String prefix) {
    int size = config.headDimension();
    int shared = config.heads() / config.keyValueHeads();
    double[][] keys = new double[x.length][];
    double[][] values = new double[x.length][];
    double[][] result = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      keys[t] = rotated(linear(x[t], prefix + "k_proj"), prefix + "k_norm", t);
      values[t] = linear(x[t], prefix + "v_proj");
      double[] query = rotated(linear(x[t], prefix + "q_proj"), prefix + "q_norm", t);
      double[] mixed = new double[config.heads() * size];
      for (int head = 0; head < config.heads(); head++) {
        int from = head / shared * size;
        double[] scores = new double[t + 1];
        double total = 0;
        for (int s = 0; s <= t; s++) {
          double dot = 0;
          for (int j = 0; j < size; j++) {
            dot += query[head * size + j] * keys[s][from + j];
          }
          scores[s] = Math.exp(dot / Math.sqrt(size));
          total += scores[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int j = 0; j < size; j++) {
            mixed[head * size + j] += scores[s] / total * values[s][from + j];
          }
        }
      }
      result[t] = linear(mixed, prefix + "o_proj");
    }
    return result;
  }

  private double[] rotated(double[] x, String norm, int position) {
    int size = config.headDimension();
    double[] result = new double[x.length];
    for (int head = 0; head < x.length / size; head++) {
      double[] part = Arrays.copyOfRange(x, head * size, (head + 1) * size);
      if (config.queryKeyNorm()) {
        part = norm(part, norm);
      }
      for (int j = 0; j < size / 2; j++) {
        double angle = position / Math.pow(config.ropeTheta(), 2.0 * j / size);
        double a = part[j];
        double b = part[j + size / 2];
        result[head * size + j] = a * Math.cos(angle) - b * Math.sin(angle);
        result[head * size + j + size / 2] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
    return result;
  }

  private double[] feedForward(double[] x, String prefix) {
    double[] gate = linear(x, prefix + "gate_proj");
    double[] up = linear(x, prefix + "up_proj");
    for (int i = 0; i < gate.length; i++) {
      gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
    }
    return linear(gate, prefix + "down_proj");
  }

  private double[] norm(double[] x, String name) {
    double squares = 0;
    for (double value : x) {
      squares += value * value;
    }
    double scale = 1 / Math.sqrt(squares / x.length + config.rmsNormEpsilon());
    double[] weight = weights.getOrDefault(name + ".weight", new double[0]);
    double[] result = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      result[i] = x[i] * scale * weight[i];
    }
    return result;
  }

  private double[] linear(double[] x, String name) {
    double[] weight = weights.getOrDefault(name + ".weight", new double[0]);
    double[] bias = weights.get(name + ".bias");
    double[] result = new double[weight.length / x.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = bias == null ? 0 : bias[i];
      for (int j = 0; j < x.length; j++) {
        result[i] += weight[i * x.length + j] * x[j];
      }
    }
    return result;
  }

  private double[] row(String name, int index, int width) {
    return Arrays.copyOfRange(
        weights.getOrDefault(name, new double[0]), index * width, (index + 1) * width);
  }

  private static double[] sum(double[] a, double[] b) {
    double[] result = a.clone();
    for (int i = 0; i < a.length; i++) {
      result[i] += b[i];
    }
    return result;
  }
}
