package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.evaluation.DirectQuestion;
import io.urteil.evaluation.DirectQuestionText;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin private DirectQuestionOptions direct = new DirectQuestionOptions();

  @Mixin private VerdictOptions verdicts = new VerdictOptions();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws Exception {
    Path directory = verdicts.requireDirectory(NamedModels.ofProcess(errors()));
    DirectQuestion question = direct.question();
    DirectJudge judge =
        DirectJudge.of(verdicts.judge(directory), directory, verdicts.orders(), question);
    DirectJudge.Judged judged = judge.judge(direct.settings());
    report.write(
        new DirectQuestionText(question, direct.showsPrompt(), output())
            .print(judged.version(), judge.prompt(), judged.findings()));
    return ExitCode.OK;
  }
}
