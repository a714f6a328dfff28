package io.urteil.engine;

import java.util.List;

/**
 * How tokens are sampled. In this order: the logits of tokens in the prompt and of sampled tokens
 * are penalised; the distribution is the softmax of logits / temperature, cut to the {@code topK}
 * most likely tokens, then to the smallest set of most likely tokens whose mass reaches {@code
 * topP}, then to those at least {@code minP} times as likely as the most likely one, and normalised
 * again. The mask of a grammar precedes all of it. Log-probabilities are those of this
 * distribution.
 *
 * @param temperature 0 is greedy: the most likely token (the lowest id among equals), with
 *     log-probability 0
 * @param topP in (0, 1]; 1 is off
 * @param topK 0 is off
 * @param minP in [0, 1]; 0 is off
 * @param repetitionPenalty positive logits of tokens in the prompt or the completion are divided by
 *     it, negative ones multiplied (Keskar et al. 2019, "CTRL", section 4.1); 1 is off
 * @param maxTokens maximum length of a completion, its stop token included
 * @param stopTokenIds a completion ends with the first of these; if empty, only by length
 * @param seed the tokens of sample i are a function of the prompt, the weights, this record and i
 */
public record Sampling(
    double temperature,
    double topP,
    int topK,
    double minP,
    double repetitionPenalty,
    int maxTokens,
    List<Integer> stopTokenIds,
    long seed) {

  public Sampling {
    require(temperature >= 0 && Double.isFinite(temperature), "temperature", temperature, ">= 0");
    require(topP > 0 && topP <= 1, "topP", topP, "> 0 and <= 1");
    require(topK >= 0, "topK", topK, ">= 0");
    require(minP >= 0 && minP <= 1, "minP", minP, ">= 0 and <= 1");
    require(
        repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
        "repetitionPenalty",
        repetitionPenalty,
        "> 0");
    require(maxTokens >= 1, "maxTokens", maxTokens, ">= 1");
    stopTokenIds = List.copyOf(stopTokenIds);
  }

  /** Without a cut relative to the most likely token and without a penalty. */
  public Sampling(
      double temperature,
      double topP,
      int topK,
      int maxTokens,
      List<Integer> stopTokenIds,
      long seed) {
    this(temperature, topP, topK, 0, 1, maxTokens, stopTokenIds, seed);
  }

  /** Plain sampling at a temperature, without cuts. */
  public static Sampling at(
      double temperature, int maxTokens, List<Integer> stopTokenIds, long seed) {
    return new Sampling(temperature, 1, 0, maxTokens, stopTokenIds, seed);
  }

  /** The most likely token at each step. */
  public static Sampling greedy(int maxTokens, List<Integer> stopTokenIds) {
    return at(0, maxTokens, stopTokenIds, 0);
  }

  public Sampling withMinP(double share) {
    return new Sampling(
        temperature, topP, topK, share, repetitionPenalty, maxTokens, stopTokenIds, seed);
  }

  public Sampling withRepetitionPenalty(double penalty) {
    return new Sampling(temperature, topP, topK, minP, penalty, maxTokens, stopTokenIds, seed);
  }

  private static void require(boolean holds, String name, Number value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, value, expected));
    }
  }
}
