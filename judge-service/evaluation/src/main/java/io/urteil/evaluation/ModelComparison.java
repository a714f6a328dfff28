package io.urteil.evaluation;

import io.urteil.evaluation.ModelComparisonReport.ComparedModel;
import io.urteil.evaluation.ModelComparisonReport.ComparedVote;
import io.urteil.evaluation.report.TextColumns;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.Finding;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel.Combine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Collects the verdicts of several models on one question, in the order of the models, and prints
 * them side by side.
 */
public final class ModelComparison {

  private final DirectQuestion question;
  private final boolean showsPrompt;
  private final List<ComparedModel> models = new ArrayList<>();
  private final List<List<String>> columns = new ArrayList<>();

  /**
   * @param showsPrompt whether to print all turns of the judge prompts
   */
  public ModelComparison(DirectQuestion question, boolean showsPrompt) {
    this.question = question;
    this.showsPrompt = showsPrompt;
  }

  /**
   * Adds a model that has judged.
   *
   * @param judge version of the judge
   * @param prompt null for a reward model
   * @return why the judge failed; null if it did not
   */
  public @Nullable String add(
      String model,
      String judge,
      @Nullable JudgePrompt prompt,
      List<Finding> findings,
      double seconds) {
    List<String> blocks = new ArrayList<>();
    List<Vote> votes = prompt == null ? List.of() : DirectQuestion.votes(findings);
    if (prompt != null) {
      votes.forEach(vote -> blocks.add(printed(text -> text.print(prompt, vote))));
    }
    DirectQuestionReport[] result = new DirectQuestionReport[1];
    String error = null;
    try {
      blocks.add(
          printed(
              text ->
                  result[0] =
                      prompt == null
                          ? text.print(judge, null, findings)
                          : text.outcome(judge, prompt, Combine.MAJORITY, votes, findings)));
    } catch (IllegalStateException e) {
      error = Objects.requireNonNullElse(e.getMessage(), e.toString());
      blocks.add("failed: " + error);
    }
    DirectQuestionReport judged = result[0];
    models.add(
        new ComparedModel(
            model,
            judged,
            judged == null ? null : decision(judged, prompt, findings),
            prompt == null ? List.of() : votes.stream().map(vote -> vote(prompt, vote)).toList(),
            seconds,
            error));
    blocks.add(String.format(Locale.ROOT, "%.1f s", seconds));
    columns.add(blocks);
    return error;
  }

  /** Adds a model that could not be asked. */
  public void addFailed(String model, String error) {
    models.add(new ComparedModel(model, null, null, List.of(), 0, error));
    columns.add(List.of("failed: " + error));
  }

  public ModelComparisonReport report() {
    List<String> decisions = models.stream().map(ComparedModel::decision).toList();
    long different = decisions.stream().filter(Objects::nonNull).distinct().count();
    String agreement =
        different > 1
            ? "differ"
            : decisions.contains(null) || different == 0 ? "undecided" : "agree";
    return new ModelComparisonReport(question.question(), question.answers(), models, agreement);
  }

  /**
   * Prints the models beside each other if the terminal is wide enough, otherwise below each other,
   * and at the end whether they agree.
   *
   * @param width columns of the terminal
   */
  public void print(int width, PrintWriter out) {
    new TextColumns(width)
        .lines(models.stream().map(ComparedModel::model).toList(), columns)
        .forEach(out::println);
    out.println();
    ModelComparisonReport report = report();
    out.println(
        report.agreement()
            + ": "
            + (report.agreement().equals("agree")
                ? "all models " + text(models.getFirst().decision())
                : models.stream()
                    .map(one -> one.model() + " " + text(one.decision()))
                    .collect(Collectors.joining(", "))));
  }

  private String text(@Nullable String decision) {
    if (decision == null) {
      return models.size() == 1 ? "no decision" : "has no decision";
    }
    if (question.answers().size() == 1) {
      return "decided " + decision;
    }
    return decision.equals(Preference.TIE.spelling()) ? "found a tie" : "preferred " + decision;
  }

  private String printed(Consumer<DirectQuestionText> print) {
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      print.accept(new DirectQuestionText(question, showsPrompt, out));
    }
    return text.toString().stripTrailing();
  }

  private @Nullable String decision(
      DirectQuestionReport judged, @Nullable JudgePrompt prompt, List<Finding> findings) {
    if (prompt != null && prompt.mode() == JudgeMode.PAIRWISE) {
      String given = preferred(judged.verdict(), false);
      String swapped = preferred(judged.swappedVerdict(), true);
      if (judged.verdict() != null && judged.swappedVerdict() != null) {
        return Objects.equals(given, swapped) ? given : null;
      }
      return given == null ? swapped : given;
    }
    List<Double> scores = new ArrayList<>();
    for (Finding finding : findings) {
      if (!(finding instanceof Finding.Scored scored) || scored.verdict().getScores().isEmpty()) {
        return null;
      }
      scores.add(scored.verdict().getScores().getFirst());
    }
    return findings.size() == 1 ? judged.verdict() : best(scores);
  }

  /** The letter of the preferred answer in the given order; null for a verdict without one. */
  private static @Nullable String preferred(@Nullable String verdict, boolean swapped) {
    return Preference.named(verdict)
        .map(preference -> (swapped ? preference.swapped() : preference).spelling())
        .orElse(null);
  }

  private static String best(List<Double> scores) {
    double most = scores.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    List<Integer> best =
        IntStream.range(0, scores.size())
            .filter(answer -> Double.compare(scores.get(answer), most) == 0)
            .boxed()
            .toList();
    return best.size() > 1 ? Preference.TIE.spelling() : CandidateOrder.label(best.getFirst());
  }

  private static ComparedVote vote(JudgePrompt prompt, Vote vote) {
    Verdict verdict = vote.getVerdict();
    boolean failed = vote.getStatus() == JudgementStatus.FAILED;
    return new ComparedVote(
        Arrays.stream(vote.getOrder().split(",", -1))
            .map(answer -> CandidateOrder.label(Integer.parseInt(answer)))
            .collect(Collectors.joining(",")),
        failed ? "failed" : DirectQuestionText.verdict(prompt, vote),
        DirectQuestionText.scores(vote),
        verdict == null ? List.of() : verdict.getProbabilities(),
        vote.getText());
  }
}
