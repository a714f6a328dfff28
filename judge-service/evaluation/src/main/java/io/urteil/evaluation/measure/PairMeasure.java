package io.urteil.evaluation.measure;

import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * The measure of pairs with one better candidate, or none.
 *
 * @param by the rule of the credit of one pair
 * @param betterIsFirst whether the benchmark always lists the better candidate first, which makes
 *     the baseline "first" meaningless
 */
public record PairMeasure(By by, boolean betterIsFirst) implements Measure {

  /** The rule of the credit of one pair. */
  public enum By {
    /** PandaLM: an unreadable verdict counts as a tie, as in the evaluations of that benchmark. */
    THREE_CLASSES(
        "share of verdicts equal to the label: A, B or tie; an unreadable verdict counts as a tie"),
    /** Labels with ties: credit for a verdict that equals the label. */
    EXACT("share of verdicts equal to the label: A, B or tie; an unreadable verdict is wrong"),
    /** Labels without ties. */
    DECISIVE(
        "share of verdicts that prefer the better candidate, mean over the orders; a tie counts"
            + " 0.5, an unreadable verdict 0"),
    /** RewardBench: half credit for a tie and for an unreadable verdict. */
    HALF(
        "share of verdicts that prefer the better candidate; a tie or an unreadable verdict counts"
            + " 0.5"),
    /** JudgeBench: the sum over both orders decides. */
    SUM_OF_ORDERS(
        "share of pairs with a positive sum over both orders: +1 for an order in which the verdict"
            + " prefers the correct response, -1 for one in which it prefers the wrong response");

    private final String rule;

    By(String rule) {
      this.rule = rule;
    }

    private double credit(Optional<Preference> preference, Preference better) {
      boolean right = preference.equals(Optional.of(better));
      boolean tie = preference.equals(Optional.of(Preference.TIE));
      return switch (this) {
        case THREE_CLASSES -> preference.orElse(Preference.TIE) == better ? 1 : 0;
        case EXACT -> right ? 1 : 0;
        case DECISIVE -> right ? 1 : tie ? 0.5 : 0;
        case HALF -> right ? 1 : tie || preference.isEmpty() ? 0.5 : 0;
        case SUM_OF_ORDERS -> right ? 1 : tie || preference.isEmpty() ? 0 : -1;
      };
    }
  }

  @Override
  public String rule() {
    return by.rule;
  }

  @Override
  public double credit(JudgedComparison outcome) {
    Preference better = outcome.comparison().better();
    List<ComparisonVerdict> rulings = outcome.all();
    double sum =
        rulings.stream().mapToDouble(verdict -> by.credit(verdict.preference(), better)).sum();
    if (by == By.SUM_OF_ORDERS) {
      return sum > 0 ? 1 : 0;
    }
    return sum / rulings.size();
  }

  @Override
  public SequencedMap<String, Double> figures(List<JudgedComparison> outcomes) {
    SequencedMap<String, Double> figures = new LinkedHashMap<>();
    if (by == By.SUM_OF_ORDERS) {
      figures.put("correct", share(outcomes, outcome -> sum(outcome) > 0));
      figures.put("sumZero", share(outcomes, outcome -> sum(outcome) == 0));
      figures.put(
          "givenOrder", share(outcomes, outcome -> isRightIn(CandidateOrder.given(2), outcome)));
      figures.put(
          "swappedOrder",
          share(outcomes, outcome -> isRightIn(CandidateOrder.reversed(2), outcome)));
      figures.put("bothOrders", share(outcomes, PairMeasure::isRightInAll));
      figures.put("flipped", share(outcomes, JudgedComparison::isFlipped));
    }
    return figures;
  }

  /** Computed over the pairs whose label is not a tie; a tie between equal lengths counts 0.5. */
  @Override
  public SequencedMap<String, Double> baselines(List<Comparison> comparisons) {
    List<Comparison> decided =
        comparisons.stream().filter(pair -> pair.better() != Preference.TIE).toList();
    PairMeasure decisive = new PairMeasure(By.DECISIVE, betterIsFirst);
    SequencedMap<String, Double> baselines = new LinkedHashMap<>();
    baselines.put(
        "longer",
        decisive.accuracy(
            decided.stream()
                .map(pair -> JudgedComparison.given(pair, Baselines.longer(pair)))
                .toList()));
    if (!betterIsFirst) {
      baselines.put(
          "first",
          decisive.accuracy(
              decided.stream()
                  .map(pair -> JudgedComparison.given(pair, Baselines.first(pair)))
                  .toList()));
    }
    return baselines;
  }

  /** Whether the readings of all orders prefer the better candidate. */
  static boolean isRightInAll(JudgedComparison outcome) {
    return outcome.readings().values().stream()
        .allMatch(verdict -> isRight(verdict, outcome.comparison()));
  }

  static boolean isRight(ComparisonVerdict verdict, Comparison comparison) {
    return verdict.preference().equals(Optional.of(comparison.better()));
  }

  private static boolean isRightIn(CandidateOrder order, JudgedComparison outcome) {
    ComparisonVerdict verdict = outcome.readings().get(order);
    return verdict != null && isRight(verdict, outcome.comparison());
  }

  private double sum(JudgedComparison outcome) {
    return outcome.all().stream()
        .mapToDouble(verdict -> by.credit(verdict.preference(), outcome.comparison().better()))
        .sum();
  }

  private static double share(List<JudgedComparison> outcomes, Predicate<JudgedComparison> which) {
    return (double) outcomes.stream().filter(which).count() / outcomes.size();
  }
}
