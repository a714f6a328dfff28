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
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
   * Prints the score of each answer.
   *
   * @throws IllegalStateException if the judge failed
   */
  public DirectQuestionReport scores(String judge, List<Finding> findings) {
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
   * Prints each vote, and for a pairwise judge the agreement of both orders.
   *
   * @throws IllegalStateException with the first reason if the judge failed, after the last vote
   */
  public DirectQuestionReport votes(String judge, JudgePrompt judgePrompt, List<Vote> votes) {
    votes.forEach(vote -> print(judgePrompt, vote));
    votes.stream()
        .filter(vote -> vote.getStatus() == JudgementStatus.FAILED)
        .findFirst()
        .ifPresent(
            failed -> {
              throw new IllegalStateException(failed.getText());
            });
    if (judgePrompt.mode() == JudgeMode.POINTWISE) {
      List<Double> scores = votes.stream().flatMap(vote -> scores(vote).stream()).toList();
      return new DirectQuestionReport(
          judge, verdict(judgePrompt, votes.getFirst()), null, scores, List.of(), null);
    }
    Vote given = vote(votes, true);
    Vote swapped = vote(votes, false);
    Agreement agreement = null;
    if (judgePrompt.mode() == JudgeMode.PAIRWISE) {
      agreement = agreement(given, swapped);
      out.println(agreement.text);
    }
    return new DirectQuestionReport(
        judge,
        verdict(judgePrompt, given),
        verdict(judgePrompt, swapped),
        scores(given),
        scores(swapped),
        agreement == null ? null : agreement.name().toLowerCase(Locale.ROOT));
  }

  private static Vote vote(List<Vote> votes, boolean given) {
    return votes.stream()
        .filter(vote -> vote.getOrder().startsWith("0,") == given)
        .findFirst()
        .orElseThrow();
  }

  private static Agreement agreement(Vote given, Vote swapped) {
    Preference one = preference(given);
    Preference other = preference(swapped);
    if (one == null || other == null) {
      return Agreement.UNREADABLE;
    }
    return one == other.swapped() ? Agreement.CONSISTENT : Agreement.FLIPPED;
  }

  private static @Nullable Preference preference(Vote vote) {
    String spelling = vote.getVerdict() == null ? null : vote.getVerdict().getPreference();
    return Arrays.stream(Preference.values())
        .filter(preference -> preference.spelling().equals(spelling))
        .findFirst()
        .orElse(null);
  }

  private void print(JudgePrompt judgePrompt, Vote vote) {
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

  private static List<Double> scores(Vote vote) {
    return vote.getVerdict() == null ? List.of() : vote.getVerdict().getScores();
  }

  private static String verdict(JudgePrompt judgePrompt, Vote vote) {
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
