package io.urteil.evaluation;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.Finding;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgeQuestion;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.Preference;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.run.judge.JudgePanel.Combine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints the verdicts on one question and creates their report. */
public final class DirectQuestionText {

  private final DirectQuestion question;
  private final boolean showsPrompt;
  private final PrintWriter out;

  /**
   * @param showsPrompt whether to print all turns of the judge prompt
   */
  public DirectQuestionText(DirectQuestion question, boolean showsPrompt, PrintWriter out) {
    this.question = question;
    this.showsPrompt = showsPrompt;
    this.out = out;
  }

  /** Agreement of the verdicts on both orders. */
  private enum Agreement {
    CONSISTENT("consistent: both orders prefer the same answer"),
    FLIPPED("flipped: the verdict depends on the position of the answers"),
    UNREADABLE("undecided: at least one verdict is unreadable");

    private final String text;

    Agreement(String text) {
      this.text = text;
    }
  }

  /**
   * Prints the votes, or the scores of a judge without a prompt.
   *
   * @param judge version of the judge
   * @param judgePrompt null for a reward model
   * @throws IllegalStateException with the first reason if the judge failed
   */
  public DirectQuestionReport print(
      String judge, @Nullable JudgePrompt judgePrompt, List<Finding> findings) {
    return judgePrompt == null
        ? scores(judge, findings)
        : votes(judge, judgePrompt, Combine.MAJORITY, findings);
  }

  /**
   * Prints the score of each answer.
   *
   * @throws IllegalStateException if the judge failed
   */
  private DirectQuestionReport scores(String judge, List<Finding> findings) {
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      out.println(question.answers().get(i));
      switch (findings.get(i)) {
        case Finding.Scored scored -> {
          scores.addAll(scored.verdict().getScores());
          out.println("  score    " + number(scores.getLast()));
        }
        case Finding.Failed failed -> throw new IllegalStateException(failed.error());
        case Finding.Unparseable _, Finding.Abstained _ -> out.println("  no score");
      }
    }
    return new DirectQuestionReport(judge, "scores " + scores, null, scores, List.of(), null);
  }

  /**
   * Prints each vote; for a pairwise judge also the verdict of several votes on an order, and the
   * agreement of both orders.
   *
   * @param combine how the votes on an order are aggregated
   * @throws IllegalStateException with the first reason if the judge failed, after the last vote
   */
  private DirectQuestionReport votes(
      String judge, JudgePrompt judgePrompt, Combine combine, List<Finding> findings) {
    List<Vote> votes = DirectQuestion.votes(findings);
    votes.forEach(vote -> print(judgePrompt, vote));
    return outcome(judge, judgePrompt, combine, votes, findings);
  }

  /** Prints what follows the votes: the verdict on each order, and the agreement of both. */
  DirectQuestionReport outcome(
      String judge,
      JudgePrompt judgePrompt,
      Combine combine,
      List<Vote> votes,
      List<Finding> findings) {
    votes.stream()
        .filter(vote -> vote.getStatus() == JudgementStatus.FAILED)
        .findFirst()
        .ifPresent(
            failed -> {
              throw new IllegalStateException(failed.getText());
            });
    if (judgePrompt.mode() == JudgeMode.POINTWISE) {
      return pointwise(judge, judgePrompt, votes, findings);
    }
    List<Vote> given = inOrder(votes, true);
    List<Vote> swapped = inOrder(votes, false);
    Agreement agreement = null;
    if (judgePrompt.mode() == JudgeMode.PAIRWISE) {
      printVotes("given order", given, combine);
      printVotes("swapped order", swapped, combine);
      if (!given.isEmpty() && !swapped.isEmpty()) {
        agreement = agreement(OrderVerdict.of(given, combine), OrderVerdict.of(swapped, combine));
        out.println(agreement.text);
      }
    }
    return new DirectQuestionReport(
        judge,
        verdict(judgePrompt, given, combine),
        verdict(judgePrompt, swapped, combine),
        meanScores(given),
        meanScores(swapped),
        agreement == null ? null : agreement.name().toLowerCase(Locale.ROOT));
  }

  private DirectQuestionReport pointwise(
      String judge, JudgePrompt judgePrompt, List<Vote> votes, List<Finding> findings) {
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      if (findings.get(i) instanceof Finding.Scored scored) {
        scores.addAll(scored.verdict().getScores());
        if (votes.size() > findings.size()) {
          out.println(question.answers().get(i) + ": score " + number(scores.getLast()));
        }
      }
    }
    return new DirectQuestionReport(
        judge, verdict(judgePrompt, votes.getFirst()), null, scores, List.of(), null);
  }

  private static List<Vote> inOrder(List<Vote> votes, boolean given) {
    return votes.stream().filter(vote -> vote.getOrder().startsWith("0,") == given).toList();
  }

  /** Prints the verdict of several votes on one order. */
  private void printVotes(String order, List<Vote> votes, Combine combine) {
    if (votes.size() > 1) {
      out.println(
          "%s: %s by %s of %d votes (A %d, B %d, tie %d)"
              .formatted(
                  order,
                  OrderVerdict.of(votes, combine).map(Preference::spelling).orElse("no verdict"),
                  combine.name().toLowerCase(Locale.ROOT),
                  votes.size(),
                  count(votes, Preference.A),
                  count(votes, Preference.B),
                  count(votes, Preference.TIE)));
    }
  }

  private static long count(List<Vote> votes, Preference preference) {
    return votes.stream()
        .filter(vote -> vote.getVerdict() != null)
        .filter(vote -> preference.spelling().equals(vote.getVerdict().getPreference()))
        .count();
  }

  private static @Nullable String verdict(
      JudgePrompt judgePrompt, List<Vote> votes, Combine combine) {
    if (votes.isEmpty()) {
      return null;
    }
    return judgePrompt.mode() == JudgeMode.PAIRWISE
        ? OrderVerdict.of(votes, combine)
            .map(Preference::spelling)
            .orElseGet(() -> verdict(judgePrompt, votes.getFirst()))
        : verdict(judgePrompt, votes.getFirst());
  }

  /** The mean of each score over the readable votes. */
  private static List<Double> meanScores(List<Vote> votes) {
    List<List<Double>> all =
        votes.stream().map(DirectQuestionText::scores).filter(scores -> !scores.isEmpty()).toList();
    if (all.size() <= 1) {
      return all.isEmpty() ? List.of() : all.getFirst();
    }
    List<Double> means = new ArrayList<>();
    for (int place = 0; place < all.getFirst().size(); place++) {
      int at = place;
      means.add(all.stream().mapToDouble(scores -> scores.get(at)).average().orElseThrow());
    }
    return means;
  }

  private static Agreement agreement(Optional<Preference> given, Optional<Preference> swapped) {
    if (given.isEmpty() || swapped.isEmpty()) {
      return Agreement.UNREADABLE;
    }
    return given.get() == swapped.get().swapped() ? Agreement.CONSISTENT : Agreement.FLIPPED;
  }

  void print(JudgePrompt judgePrompt, Vote vote) {
    List<String> shown =
        Arrays.stream(vote.getOrder().split(",", -1))
            .map(place -> question.answers().get(Integer.parseInt(place)))
            .toList();
    out.println(title(judgePrompt.mode(), shown));
    printPrompt(judgePrompt, shown);
    if (vote.getStatus() == JudgementStatus.FAILED) {
      out.println("  failed   " + vote.getText());
      return;
    }
    if (vote.getText() != null) {
      out.println("  judge    " + vote.getText());
    }
    out.println("  scores   " + scores(vote).stream().map(DirectQuestionText::number).toList());
    Verdict verdict = vote.getVerdict();
    if (verdict != null && !verdict.getProbabilities().isEmpty()) {
      out.println("  choices  " + verdict.getProbabilities());
    }
    out.println("  verdict  " + verdict(judgePrompt, vote));
  }

  private String title(JudgeMode mode, List<String> shown) {
    if (mode != JudgeMode.PAIRWISE) {
      return String.join(", ", shown);
    }
    boolean swapped = !shown.equals(question.answers());
    return "A = " + shown.get(0) + ", B = " + shown.get(1) + (swapped ? " (swapped)" : "");
  }

  private void printPrompt(JudgePrompt judgePrompt, List<String> shown) {
    RenderedPrompt rendered =
        judgePrompt.render(
            new JudgeQuestion(
                question.question(),
                shown,
                judgePrompt.usesReference() ? question.reference() : null,
                null));
    if (rendered.isRaw()) {
      out.println("  prompt   " + rendered.messages().getFirst().text() + rendered.prefix());
    } else if (showsPrompt) {
      rendered.messages().forEach(turn -> out.println("  " + turn.role() + ": " + turn.text()));
      out.println("  assistant: " + rendered.prefix());
    } else {
      out.println("  prompt   " + judgePrompt);
    }
  }

  static List<Double> scores(Vote vote) {
    return vote.getVerdict() == null ? List.of() : vote.getVerdict().getScores();
  }

  static String verdict(JudgePrompt judgePrompt, Vote vote) {
    Verdict verdict = vote.getVerdict();
    if (verdict == null) {
      String text = vote.getText();
      int shown = vote.getOrder().split(",", -1).length;
      return text != null
              && judgePrompt.parse(text, shown) instanceof ParsedVerdict.Unparseable unparseable
          ? "unparseable: " + unparseable.reason()
          : vote.getStatus().name().toLowerCase(Locale.ROOT);
    }
    String preference = verdict.getPreference();
    String label = verdict.getLabel();
    return preference != null
        ? preference
        : label != null ? label : "scores " + verdict.getScores();
  }

  private static String number(double score) {
    return score == Math.rint(score) ? Long.toString(Math.round(score)) : Double.toString(score);
  }
}
