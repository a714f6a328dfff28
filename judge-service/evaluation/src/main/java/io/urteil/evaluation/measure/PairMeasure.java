package io.urteil.evaluation.measure;

import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * Pairs of which one is better, or neither.
 *
 * @param by how one pair earns
 * @param listsTheBetterFirst whether the benchmark always does, so that "always first" says nothing
 */
public record PairMeasure(By by, boolean listsTheBetterFirst) implements Measure {

  /** How one pair earns. */
  public enum By {
    /** PandaLM: what cannot be read counts as a tie, as that benchmark's own evaluations do. */
    THREE_CLASSES(
        "share of verdicts equal to the label: A, B or tie; an unreadable verdict counts as a tie"),
    /** Labels with ties: a verdict equals the label or does not. */
    EXACT("share of verdicts equal to the label: A, B or tie; an unreadable verdict is wrong"),
    /** Labels without ties. */
    DECISIVE(
        "share of verdicts that name the better candidate, mean over the orders; a tie counts 0.5,"
            + " an unreadable verdict 0"),
    /** RewardBench: what is no decision is half right. */
    HALF(
        "share of verdicts that name the better candidate; a tie or an unreadable verdict counts"
            + " 0.5"),
    /** JudgeBench: both orders together. */
    SUM_OF_ORDERS(
        "share of pairs that both orders together get right: +1 for an order that names the right"
            + " response, -1 for one that names the wrong one, right when the sum is above 0");

    private final String rule;

    By(String rule) {
      this.rule = rule;
    }

    private double credit(Optional<Preference> said, Preference better) {
      boolean right = said.equals(Optional.of(better));
      boolean tie = said.equals(Optional.of(Preference.TIE));
      return switch (this) {
        case THREE_CLASSES -> said.orElse(Preference.TIE) == better ? 1 : 0;
        case EXACT -> right ? 1 : 0;
        case DECISIVE -> right ? 1 : tie ? 0.5 : 0;
        case HALF -> right ? 1 : tie || said.isEmpty() ? 0.5 : 0;
        case SUM_OF_ORDERS -> right ? 1 : tie || said.isEmpty() ? 0 : -1;
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
        rulings.stream().mapToDouble(ruling -> by.credit(ruling.preference(), better)).sum();
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

  /** Over the pairs that are no ties; a judge that calls a tie there earns half. */
  @Override
  public SequencedMap<String, Double> floors(List<Comparison> comparisons) {
    List<Comparison> decided =
        comparisons.stream().filter(pair -> pair.better() != Preference.TIE).toList();
    PairMeasure decisive = new PairMeasure(By.DECISIVE, listsTheBetterFirst);
    SequencedMap<String, Double> floors = new LinkedHashMap<>();
    floors.put(
        "longer",
        decisive.accuracy(
            decided.stream()
                .map(pair -> JudgedComparison.given(pair, Baselines.longer(pair)))
                .toList()));
    if (!listsTheBetterFirst) {
      floors.put(
          "first",
          decisive.accuracy(
              decided.stream()
                  .map(pair -> JudgedComparison.given(pair, Baselines.first(pair)))
                  .toList()));
    }
    return floors;
  }

  /** Whether every ruling names the better one; the share of these is position-consistent. */
  static boolean isRightInAll(JudgedComparison outcome) {
    return outcome.all().stream().allMatch(ruling -> isRight(ruling, outcome.comparison()));
  }

  static boolean isRight(ComparisonVerdict ruling, Comparison comparison) {
    return ruling.preference().equals(Optional.of(comparison.better()));
  }

  private static boolean isRightIn(CandidateOrder order, JudgedComparison outcome) {
    ComparisonVerdict ruling = outcome.rulings().get(order);
    return ruling != null && isRight(ruling, outcome.comparison());
  }

  private double sum(JudgedComparison outcome) {
    return outcome.all().stream()
        .mapToDouble(ruling -> by.credit(ruling.preference(), outcome.comparison().better()))
        .sum();
  }

  private static double share(List<JudgedComparison> outcomes, Predicate<JudgedComparison> which) {
    return (double) outcomes.stream().filter(which).count() / outcomes.size();
  }
}
