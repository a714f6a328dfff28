package io.urteil.bench.judging;

import java.util.List;
import java.util.Locale;

/**
 * The result of {@code urteil bench judging}.
 *
 * @param model directory or name of the model
 * @param pairs number of pairs, each judged in both orders
 * @param maxTokens limit of an answer in tokens
 * @param parallel sequences of llama.cpp's server; 0 if it was not measured
 * @param rounds number of measured rounds
 * @param machine operating system, processors and Java version
 * @param judges one judge each
 */
public record JudgingReport(
    String model,
    int pairs,
    int maxTokens,
    int parallel,
    int rounds,
    String machine,
    List<Judge> judges) {

  /** What serves a judge's model. */
  public enum Backend {
    /** The engine in the judge worker, with the defaults of the service. */
    ENGINE,
    /** llama.cpp's server, with the judge worker as its client. */
    LLAMA_CPP;

    String label() {
      return this == ENGINE ? "engine" : "llama.cpp";
    }
  }

  /**
   * The figures of a judge.
   *
   * @param weights f32 or int8
   * @param judgementsPerMinute of each round, over the wall time from the first comparison to the
   *     last judgement
   * @param medianPerMinute median of judgementsPerMinute
   * @param ratio medianPerMinute divided by that of llama.cpp with the same weights; null if not
   *     measured
   * @param completionTokens mean tokens of an answer in the last round
   * @param promptTokens mean tokens of a prompt in the last round
   */
  public record Judge(
      Backend backend,
      String weights,
      List<Double> judgementsPerMinute,
      double medianPerMinute,
      @org.jspecify.annotations.Nullable Double ratio,
      double promptTokens,
      double completionTokens) {}

  /** The figures as a Markdown table. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| judge | judgements a minute | of llama.cpp | prompt tokens | answer tokens |\n");
    text.append("| --- | ---: | ---: | ---: | ---: |\n");
    for (Judge judge : judges) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s, %s | %.1f | %s | %.0f | %.0f |%n",
              judge.backend().label(),
              judge.weights(),
              judge.medianPerMinute(),
              judge.ratio() == null ? "-" : String.format(Locale.ROOT, "%.2f", judge.ratio()),
              judge.promptTokens(),
              judge.completionTokens()));
    }
    return text.toString();
  }
}
