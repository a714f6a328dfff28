package io.urteil.cli.judging;

import io.urteil.order.CandidateOrders;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.ModelJudge;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of sampling a verdict from a model, and of the source that the verdict is read from. */
final class VerdictOptions {

  @Option(
      names = "--verdict-source",
      paramLabel = "SOURCE",
      defaultValue = "text",
      description =
          "Source of the verdict: text, probabilities or probabilities-in-text (default:"
              + " ${DEFAULT-VALUE}).")
  private String read = "text";

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Maximum tokens of the judge's response (default: that of the judge prompt).")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "Sampling temperature; 0 is greedy (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Sampling seed (default: ${DEFAULT-VALUE}).")
  private long seed;

  /**
   * The judge with these options, which presents both orders.
   *
   * @throws IllegalArgumentException if the value of an option is invalid
   */
  ModelJudge complete(ModelJudge judge) {
    if (temperature < 0) {
      throw new IllegalArgumentException(
          "--temperature: %s (expected: a number of at least 0)".formatted(temperature));
    }
    if (maxTokens != null && maxTokens < 1) {
      throw new IllegalArgumentException(
          "--max-tokens: %d (expected: a whole number of at least 1)".formatted(maxTokens));
    }
    return switch (judge) {
      case ModelJudge.Tournament pairs ->
          ModelJudge.Tournament.of(complete(pairs.panel()), CandidateOrders.BOTH);
      case ModelJudge.Listwise list ->
          ModelJudge.Listwise.of(complete(list.panel()), CandidateOrders.BOTH);
      case ModelJudge.Generative alone -> alone.withPanel(this::complete);
      case ModelJudge.Scalar scores -> scores;
    };
  }

  private JudgePanel complete(JudgePanel panel) {
    return panel
        .withTemperature(temperature)
        .withSeed(seed)
        .withRead(read())
        .withMaxTokens(maxTokens);
  }

  private JudgePanel.Read read() {
    for (JudgePanel.Read known : JudgePanel.Read.values()) {
      if (known.name().replace('_', '-').equalsIgnoreCase(read)) {
        return known;
      }
    }
    throw new IllegalArgumentException(
        "--verdict-source: '%s' (expected: text, probabilities or probabilities-in-text)"
            .formatted(read));
  }
}
