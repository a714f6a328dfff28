package io.urteil.cli.judging;

import io.urteil.evaluation.DirectQuestion;
import io.urteil.file.FileRoots;
import io.urteil.judge.api.Finding;
import io.urteil.judges.JudgeRegistry;
import io.urteil.model.ModelDirectory;
import io.urteil.order.CandidateOrders;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.worker.JudgeWorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that judges one question in this process.
 *
 * @param prompt null for a reward model
 */
record DirectJudge(
    String name,
    Path directory,
    JudgeSection section,
    @Nullable JudgePrompt prompt,
    DirectQuestion question) {

  /**
   * What the judge found.
   *
   * @param version of the judge
   * @param findings one per answer, in the order of the answers
   * @param seconds time of the judgement, without opening the model
   */
  record Judged(String version, List<Finding> findings, double seconds) {}

  /**
   * @param orders null for both
   * @throws IllegalArgumentException if the prompt takes another number of answers
   */
  static DirectJudge of(
      EvaluatedJudge judge,
      Path directory,
      @Nullable CandidateOrders orders,
      DirectQuestion question) {
    JudgeSection section =
        judge.withOrders(orders == null ? CandidateOrders.BOTH : orders).section();
    String asked = section instanceof ModelJudge model ? EvaluatedJudge.prompt(model) : null;
    JudgePrompt prompt = asked == null ? null : JudgePrompts.find(asked);
    if (prompt != null && section instanceof ModelJudge model) {
      checkAnswers(prompt, question.answers().size());
      section = model.withPanel(panel -> panel.withReference(question.reference() != null));
    }
    return new DirectJudge(judge.name(), directory, section, prompt, question);
  }

  private static void checkAnswers(JudgePrompt prompt, int answers) {
    JudgeMode mode = prompt.mode();
    boolean fits =
        switch (mode) {
          case POINTWISE -> true;
          case PAIRWISE -> answers == 2;
          case LISTWISE -> answers >= 2;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "%d answers (expected: %s; judge prompt '%s' is %s)"
              .formatted(
                  answers,
                  mode == JudgeMode.PAIRWISE ? "two" : "at least two",
                  prompt.name(),
                  mode.spelling()));
    }
  }

  /**
   * Opens the model, judges on the calling thread, and closes the model.
   *
   * @throws Exception the error of the judge
   */
  Judged judge(JudgeWorkerSettings settings) throws Exception {
    try (JudgeRegistry judges =
        new JudgeRegistry(
            settings.models(), settings.runtime(), settings.servers(), FileRoots.any())) {
      var judge = judges.make(section);
      checkSymbols();
      long begin = System.nanoTime();
      List<Finding> findings = question.ask(judge);
      return new Judged(judge.version(), findings, (System.nanoTime() - begin) / 1e9);
    }
  }

  /** Rejects texts with symbols that the tokenizer would drop without an error. */
  private void checkSymbols() throws IOException {
    List<String> texts = new ArrayList<>(question.answers());
    texts.addFirst(question.question());
    if (question.reference() != null) {
      texts.add(question.reference());
    }
    try (SymbolCheck check = SymbolCheck.open(ModelDirectory.open(directory))) {
      texts.forEach(check::require);
    }
  }
}
