package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.evaluation.DirectQuestion;
import io.urteil.evaluation.DirectQuestionText;
import io.urteil.file.FileRoots;
import io.urteil.judge.api.Finding;
import io.urteil.judges.JudgeRegistry;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.model.ModelDirectory;
import io.urteil.order.CandidateOrders;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.judge.JudgePanel.Combine;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.worker.JudgeWorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil judge}. */
@Command(
    name = "judge",
    description = {
      "Judges the answers to one question with a model, as a judge worker does.",
      "A pairwise judge prompt compares two answers in both orders; a pointwise prompt and a reward"
          + " model score each answer independently."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil judge --model .urteil/demo/demo-001/seed-judge '439+496' 933 935",
      "  urteil judge --model Qwen/Qwen2.5-0.5B-Instruct --prompt j1-verdict 'What is 2+2?' 4 5",
      "  urteil judge --model DIR --prompt self-judge 'What is 2+2?' 4 5",
      "  urteil judge --model DIR --prompt j1-verdict --votes 5 'What is 2+2?' 4 5",
      "  urteil judge --model DIR --prompt j1-pointwise 'What is 2+2?' 4"
    })
public final class JudgeCommand extends UrteilSubcommand {

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

  @Mixin private VerdictOptions verdicts = new VerdictOptions();

  @Option(
      names = "--show-prompt",
      description = "Print all turns of the judge prompt instead of its name.")
  private boolean showsPrompt;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws Exception {
    Path directory = verdicts.requireDirectory(NamedModels.ofProcess(errors()));
    CandidateOrders orders = verdicts.orders();
    JudgeSection section =
        verdicts
            .judge(directory)
            .withOrders(orders == null ? CandidateOrders.BOTH : orders)
            .section();
    String asked = section instanceof ModelJudge judge ? EvaluatedJudge.prompt(judge) : null;
    JudgePrompt judgePrompt = asked == null ? null : JudgePrompts.find(asked);
    if (judgePrompt != null && section instanceof ModelJudge judge) {
      checkAnswers(judgePrompt);
      section = judge.withPanel(panel -> panel.withReference(reference != null));
    }
    DirectQuestion direct = new DirectQuestion(question, answers, reference);
    JudgeWorkerSettings settings = ProcessSettings.ofProcess().judge();
    try (JudgeRegistry judges =
        new JudgeRegistry(
            settings.models(), settings.runtime(), settings.servers(), FileRoots.any())) {
      var judge = judges.make(section);
      checkSymbols(directory);
      List<Finding> findings = direct.ask(judge);
      DirectQuestionText text = new DirectQuestionText(direct, showsPrompt, output());
      report.write(
          judgePrompt == null
              ? text.scores(judge.version(), findings)
              : text.votes(judge.version(), judgePrompt, Combine.MAJORITY, findings));
    }
    return ExitCode.OK;
  }

  private void checkAnswers(JudgePrompt judgePrompt) {
    JudgeMode mode = judgePrompt.mode();
    boolean fits =
        switch (mode) {
          case POINTWISE -> true;
          case PAIRWISE -> answers.size() == 2;
          case LISTWISE -> answers.size() >= 2;
        };
    if (!fits) {
      throw usage(
          "%d answers (expected: %s; judge prompt '%s' is %s)"
              .formatted(
                  answers.size(),
                  mode == JudgeMode.PAIRWISE ? "two" : "at least two",
                  judgePrompt.name(),
                  mode.spelling()));
    }
  }

  /** Rejects texts with symbols that the tokenizer would drop without an error. */
  private void checkSymbols(Path directory) throws IOException {
    List<String> texts = new ArrayList<>(answers);
    texts.addFirst(question);
    if (reference != null) {
      texts.add(reference);
    }
    try (SymbolCheck check = SymbolCheck.open(ModelDirectory.open(directory))) {
      texts.forEach(check::require);
    }
  }
}
