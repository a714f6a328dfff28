package io.urteil.cli.judging;

import io.urteil.cli.option.ThreadsOption;
import io.urteil.evaluation.DirectQuestion;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.worker.JudgeWorkerSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One question with its answers, on the command line. */
final class DirectQuestionOptions {

  @Parameters(index = "0", paramLabel = "QUESTION", description = "The question.")
  private String question = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "ANSWER",
      description = "The answers: two for a pairwise judge prompt.")
  private List<String> answers = List.of();

  @Option(
      names = "--reference",
      paramLabel = "TEXT",
      description = "A correct answer, shown to the judge (default: none).")
  private @Nullable String reference;

  @Option(
      names = "--show-prompt",
      description = "Print all turns of the judge prompt instead of its name.")
  private boolean showsPrompt;

  @Mixin private ThreadsOption threads = new ThreadsOption();

  /** The settings of the judge. */
  JudgeWorkerSettings settings() {
    return threads.applyTo(ProcessSettings.ofProcess().judge());
  }

  DirectQuestion question() {
    return new DirectQuestion(question, answers, reference);
  }

  boolean showsPrompt() {
    return showsPrompt;
  }
}
