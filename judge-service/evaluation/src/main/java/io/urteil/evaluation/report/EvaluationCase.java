package io.urteil.evaluation.report;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.JudgedComparison;
import io.urteil.event.JudgementStatus;
import java.util.List;

/**
 * One comparison with the verdicts and texts of every judge, for the page with all cases.
 *
 * @param judges in the order of the report
 */
public record EvaluationCase(Comparison comparison, List<JudgedCase> judges) {

  public EvaluationCase {
    judges = List.copyOf(judges);
  }

  /**
   * The result of one judge.
   *
   * @param credit credit of the comparison, in 0..1
   */
  public record JudgedCase(
      String judge, double credit, JudgedComparison outcome, List<Response> responses) {

    public JudgedCase {
      responses = List.copyOf(responses);
    }

    /** Whether the comparison has full credit. */
    boolean isRight() {
      return credit > 1 - 1e-9;
    }

    /** Whether no order has credit. */
    boolean isWrong() {
      return credit < 1e-9;
    }

    /** Whether the verdict or the reading of any order is unreadable. */
    boolean isUnparseable() {
      return has(JudgementStatus.UNPARSEABLE);
    }

    /** Whether the judge abstained, failed or timed out in any order. */
    boolean isWithoutVerdict() {
      return has(JudgementStatus.ABSTAINED)
          || has(JudgementStatus.FAILED)
          || has(JudgementStatus.TIMED_OUT);
    }

    private boolean has(JudgementStatus status) {
      return outcome.rulings().values().stream().anyMatch(one -> one.status() == status)
          || outcome.readings().values().stream().anyMatch(one -> one.status() == status);
    }
  }

  /**
   * A text of the judge.
   *
   * @param about what it answers: the order shown, and which of several votes
   */
  public record Response(String about, String text) {}

  /** Whether the judges differ in their credit. */
  boolean isDisputed() {
    return judges.stream().anyMatch(one -> one.isRight() != judges.getFirst().isRight());
  }

  /** Whether any judge is not right, flips or has no verdict. */
  boolean isRemarkable() {
    return judges.stream()
        .anyMatch(
            one ->
                !one.isRight()
                    || one.outcome().isFlipped()
                    || one.isUnparseable()
                    || one.isWithoutVerdict());
  }
}
