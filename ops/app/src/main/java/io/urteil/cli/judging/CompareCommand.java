package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.ErrorMessages;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.JsonReportOptions;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.evaluation.DirectQuestion;
import io.urteil.evaluation.ModelComparison;
import io.urteil.local.view.TerminalStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code urteil compare}. */
@Command(
    name = "compare",
    description = {
      "Judges the answers to one question with several models, and prints their judgements side by"
          + " side.",
      "Each model judges as in 'urteil judge', one after the other; memory holds one model at a"
          + " time. --prompt and --weights are given once for all models, or once for each, in the"
          + " order of --model. A model that fails does not stop the others; the exit status is"
          + " then that of its error."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil compare --model .urteil/demo/demo-001/seed-judge --model"
          + " .urteil/demo/demo-001/trainer/checkpoint-60 '439+496' 933 935",
      "  urteil compare --model DIR --model DIR --weights f32 --weights int8 --prompt j1-verdict"
          + " 'What is 2+2?' 4 5",
      "  urteil compare --model DIR --model DIR --prompt j1-verdict --prompt rrm 'What is 2+2?' 4 5",
      "  urteil compare --model DIR --model REWARD_MODEL --prompt self-judge --json 'What is 2+2?'"
          + " 4 5"
    })
public final class CompareCommand extends UrteilSubcommand {

  @Mixin private DirectQuestionOptions direct = new DirectQuestionOptions();

  @Mixin private ComparedModelOptions models = new ComparedModelOptions();

  @Mixin private JsonReportOptions report = new JsonReportOptions();

  @Override
  public Integer call() throws Exception {
    DirectQuestion question = direct.question();
    ModelComparison comparison = new ModelComparison(question, direct.showsPrompt());
    int status = ExitCode.OK;
    for (ComparedModelOptions.Prepared model :
        models.prepare(NamedModels.ofProcess(errors()), question)) {
      int its = judge(model, comparison);
      status = status == ExitCode.OK ? its : status;
    }
    report.write(
        comparison.report(),
        output(),
        out -> comparison.print(TerminalStyle.ofProcess().width(), out));
    return status;
  }

  private int judge(ComparedModelOptions.Prepared model, ModelComparison comparison)
      throws InterruptedException {
    return switch (model) {
      case ComparedModelOptions.Prepared.Unusable(String name, Exception cause) ->
          failed(name, cause, comparison);
      case ComparedModelOptions.Prepared.Ready(String name, DirectJudge judge) -> {
        DirectJudge.Judged judged;
        try {
          judged = judge.judge(direct.settings());
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          yield failed(name, e, comparison);
        }
        String error =
            comparison.add(
                name, judged.version(), judge.prompt(), judged.findings(), judged.seconds());
        if (error == null) {
          yield ExitCode.OK;
        }
        warn("%s: %s".formatted(name, error));
        yield ExitCode.FAILED;
      }
    };
  }

  private int failed(String name, Exception cause, ModelComparison comparison) {
    String message = ErrorMessages.message(cause);
    comparison.addFailed(name, message);
    warn("%s: %s".formatted(name, message));
    if (verbose()) {
      cause.printStackTrace(errors());
    }
    return ErrorMessages.exitCode(cause);
  }
}
