package io.urteil.cli.judging;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.engine.WeightPrecision;
import io.urteil.local.judging.BothOrders;
import io.urteil.local.judging.JudgePrompt;
import io.urteil.prompt.ParsedVerdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
      "Judges one question with two answers, in both orders, with the model in a directory.",
      "Prints each order's thought, scores and verdict, and whether the verdict flipped."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil judge --model .urteil/demo/demo-001/seed-judge '439+496' 933 935",
      "  urteil judge --model DIR --temperature 1 --seed 3 '120+340' 460 461",
      "  urteil judge --model DIR --weights int8 '120+340' 460 461"
    })
public final class JudgeCommand extends UrteilSubcommand {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face model directory of the judge, such as a checkpoint.")
  private Path model = Path.of("");

  @Parameters(index = "0", paramLabel = "QUESTION", description = "What was asked.")
  private String question = "";

  @Parameters(index = "1", paramLabel = "ANSWER_A", description = "The first answer.")
  private String answerA = "";

  @Parameters(index = "2", paramLabel = "ANSWER_B", description = "The second answer.")
  private String answerB = "";

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description =
          "What the judge reads, with {question}, {a} and {b} (default: from judge.json in the"
              + " model directory).")
  private @Nullable String prompt;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "Verdict format of the answer (default: from judge.json).")
  private @Nullable String format;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most tokens of an answer (default: from judge.json, else 2048).")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "0 takes the most likely token (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--weights",
      paramLabel = "PRECISION",
      defaultValue = "f32",
      description =
          "Numbers that the weights are kept as: f32 or int8 (default: ${DEFAULT-VALUE}).")
  private WeightPrecision weights = WeightPrecision.F32;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the sampling (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private ReportOption report = new ReportOption();

  /** What {@code --report} writes; the names are documented in ops/docs/reports.md. */
  private record Figures(
      String verdict,
      String swappedVerdict,
      List<Double> scores,
      List<Double> swappedScores,
      String agreement) {}

  @Override
  public Integer call() throws IOException {
    BothOrders judged =
        BothOrders.judge(
            model, weights, judgePrompt(), question, answerA, answerB, temperature, seed);
    PrintWriter out = output();
    print(out, "A = " + answerA + ", B = " + answerB, judged.given());
    print(out, "A = " + answerB + ", B = " + answerA + " (swapped)", judged.swapped());
    out.println(
        switch (judged.agreement()) {
          case CONSISTENT -> "consistent: both orders name the same answer";
          case FLIPPED -> "flipped: the verdict went with the position, not with the answer";
          case UNREADABLE -> "undecided: at least one verdict could not be read";
        });
    report.write(
        new Figures(
            verdict(judged.given().verdict()),
            verdict(judged.swapped().verdict()),
            scores(judged.given().verdict()),
            scores(judged.swapped().verdict()),
            judged.agreement().name().toLowerCase(java.util.Locale.ROOT)));
    return ExitCode.OK;
  }

  private JudgePrompt judgePrompt() throws IOException {
    if (prompt != null && format != null) {
      return new JudgePrompt(prompt, format, maxTokens == null ? 2048 : maxTokens);
    }
    JudgePrompt own = JudgePrompt.of(model);
    return new JudgePrompt(
        prompt == null ? own.prompt() : prompt,
        format == null ? own.format() : format,
        maxTokens == null ? own.maxTokens() : maxTokens);
  }

  private static void print(PrintWriter out, String title, BothOrders.OneOrder order) {
    out.println(title);
    out.println("  prompt   " + order.prompt());
    out.println("  judge    " + order.text());
    out.println(
        "  scores   "
            + scores(order.verdict()).stream()
                .map(score -> score == Math.rint(score) ? Long.toString(Math.round(score)) : score)
                .toList());
    out.println("  verdict  " + verdict(order.verdict()));
  }

  private static List<Double> scores(ParsedVerdict verdict) {
    return verdict instanceof ParsedVerdict.Read read ? read.scores() : List.of();
  }

  private static String verdict(ParsedVerdict verdict) {
    return switch (verdict) {
      case ParsedVerdict.Pairwise pair -> pair.preference().spelling();
      case ParsedVerdict.Read read -> "scores " + read.scores();
      case ParsedVerdict.Unparseable unparseable -> "unparseable: " + unparseable.reason();
      case ParsedVerdict.Abstained() -> "abstained";
    };
  }
}
