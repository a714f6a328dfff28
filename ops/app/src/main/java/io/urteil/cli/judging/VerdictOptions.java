package io.urteil.cli.judging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
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

  /** Puts the options into a judge's section of a run file. */
  void complete(ObjectNode section, JudgePrompt judgePrompt) {
    if (judgePrompt.mode() != JudgeMode.POINTWISE) {
      section.put("orders", "both");
    }
    section.put("temperature", temperature).put("seed", seed).put("read", read);
    if (maxTokens != null) {
      section.put("maxTokens", maxTokens);
    }
  }
}
