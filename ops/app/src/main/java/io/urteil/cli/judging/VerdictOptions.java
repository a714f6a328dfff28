package io.urteil.cli.judging;

import io.urteil.order.CandidateOrders;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.ModelJudge;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a judge writes its verdict, and what the verdict is read from. */
final class VerdictOptions {

  @Option(
      names = "--read",
      paramLabel = "WHAT",
      defaultValue = "text",
      description =
          "What the verdict is read from: text, probabilities or probabilities-in-text (default:"
              + " ${DEFAULT-VALUE}).")
  private String read = "text";

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most tokens of the judge's text (default: the judge prompt's).")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "0 takes the most likely token (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the sampling (default: ${DEFAULT-VALUE}).")
  private long seed;

  /**
   * The judge with these options, in both orders.
   *
   * @throws IllegalArgumentException when an option has no such value
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
        "--read: '%s' (expected: text, probabilities or probabilities-in-text)".formatted(read));
  }
}
