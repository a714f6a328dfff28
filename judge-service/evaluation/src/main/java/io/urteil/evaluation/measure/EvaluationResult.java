package io.urteil.evaluation.measure;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.urteil.event.JudgementStatus;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Evaluation results of one judge on one benchmark. Shares are in 0..1; figures that do not apply
 * to the benchmark or the judged orders are null.
 *
 * @param comparisons number of comparisons
 * @param rulings number of verdicts: one for each comparison and order
 * @param figures further figures of the benchmark by name
 * @param slices results by source
 * @param intervals 95 % confidence intervals by figure
 */
public record EvaluationResult(
    int comparisons,
    int rulings,
    @JsonUnwrapped Correctness correctness,
    @JsonUnwrapped Preferences preferences,
    @JsonUnwrapped Endings endings,
    SequencedMap<String, Double> figures,
    SequencedMap<String, Slice> slices,
    SequencedMap<String, ConfidenceInterval> intervals) {

  /**
   * Agreement with the gold labels.
   *
   * @param accuracy accuracy under the rule of the benchmark
   * @param strictAccuracy share of the verdicts that select the correct candidate alone; all other
   *     verdicts count as wrong
   * @param macroPrecision mean precision over the classes of the labels
   * @param macroRecall mean recall over these classes
   * @param macroF1 mean F1 over these classes
   * @param positionConsistentAccuracy share of pairs with a correct reading in every order
   */
  public record Correctness(
      double accuracy,
      double strictAccuracy,
      @Nullable Double macroPrecision,
      @Nullable Double macroRecall,
      @Nullable Double macroF1,
      @Nullable Double positionConsistentAccuracy) {}

  /**
   * Biases of the judge.
   *
   * @param flipRate share of comparisons with different results in different orders
   * @param firstPreference share of the decided verdicts on pairs that prefer the candidate
   *     presented first
   * @param longerPreference share of the decided verdicts on pairs of different lengths that prefer
   *     the longer candidate
   */
  public record Preferences(
      @Nullable Double flipRate,
      @Nullable Double firstPreference,
      @Nullable Double longerPreference) {}

  /**
   * Verdicts without a preferred candidate.
   *
   * @param ties share of ties
   * @param unparseable share of unreadable verdicts
   * @param abstained share of abstentions
   * @param failed share of failures and timeouts
   */
  public record Endings(double ties, double unparseable, double abstained, double failed) {}

  /**
   * The results of one source of a benchmark.
   *
   * @param interval confidence interval of the accuracy
   */
  public record Slice(
      int comparisons,
      double accuracy,
      ConfidenceInterval interval,
      @Nullable Double flipRate,
      double ties,
      double unparseable) {}

  /** Computes the results. {@code seed} is the seed of the bootstrap. */
  public static EvaluationResult of(List<JudgedComparison> outcomes, Measure measure, long seed) {
    boolean pairs =
        outcomes.stream()
            .allMatch(one -> one.comparison().gold() instanceof Comparison.Gold.Better);
    boolean orders = outcomes.stream().allMatch(JudgedComparison::hasOrders);
    MacroScores macro = pairs ? MacroScores.of(outcomes, measure) : null;
    SequencedMap<String, ConfidenceInterval> intervals = new LinkedHashMap<>();
    intervals.put("accuracy", accuracyInterval(outcomes, measure, seed));
    if (macro != null) {
      intervals.put(
          "macroF1",
          ConfidenceInterval.bootstrap(
              outcomes, drawn -> MacroScores.of(drawn, measure).f1(), seed));
    }
    if (orders) {
      intervals.put("flipRate", share(outcomes, JudgedComparison::isFlipped, seed));
    }
    if (orders && pairs) {
      intervals.put("positionConsistentAccuracy", share(outcomes, PairMeasure::isRightInAll, seed));
    }
    return new EvaluationResult(
        outcomes.size(),
        outcomes.stream().mapToInt(one -> one.rulings().size()).sum(),
        new Correctness(
            measure.accuracy(outcomes),
            ofRulings(outcomes, EvaluationResult::isRightAlone),
            macro == null ? null : (Double) macro.precision(),
            macro == null ? null : (Double) macro.recall(),
            macro == null ? null : (Double) macro.f1(),
            orders && pairs ? (Double) share(outcomes, PairMeasure::isRightInAll) : null),
        new Preferences(
            orders ? (Double) share(outcomes, JudgedComparison::isFlipped) : null,
            pairs ? firstPreference(outcomes) : null,
            pairs ? longerPreference(outcomes) : null),
        new Endings(
            ofRulings(outcomes, (comparison, verdict) -> verdict.isTie()),
            ended(outcomes, JudgementStatus.UNPARSEABLE),
            ended(outcomes, JudgementStatus.ABSTAINED),
            ended(outcomes, JudgementStatus.FAILED) + ended(outcomes, JudgementStatus.TIMED_OUT)),
        measure.figures(outcomes),
        slices(outcomes, measure, orders, seed),
        intervals);
  }

  private interface RulingTest {
    boolean test(Comparison comparison, ComparisonVerdict verdict);
  }

  private static ConfidenceInterval accuracyInterval(
      List<JudgedComparison> outcomes, Measure measure, long seed) {
    double[] credits = outcomes.stream().mapToDouble(measure::credit).toArray();
    boolean independent =
        measure.isPlainMean() && java.util.Arrays.stream(credits).allMatch(c -> c == 0 || c == 1);
    return independent
        ? ConfidenceInterval.wilson(java.util.Arrays.stream(credits).sum(), credits.length)
        : ConfidenceInterval.bootstrap(outcomes, measure::accuracy, seed);
  }

  private static SequencedMap<String, Slice> slices(
      List<JudgedComparison> outcomes, Measure measure, boolean orders, long seed) {
    Map<String, List<JudgedComparison>> bySource = new TreeMap<>();
    for (JudgedComparison outcome : outcomes) {
      bySource
          .computeIfAbsent(outcome.comparison().source(), source -> new java.util.ArrayList<>())
          .add(outcome);
    }
    SequencedMap<String, Slice> slices = new LinkedHashMap<>();
    bySource.forEach(
        (source, some) ->
            slices.put(
                source,
                new Slice(
                    some.size(),
                    measure.accuracy(some),
                    accuracyInterval(some, measure, seed),
                    orders ? (Double) share(some, JudgedComparison::isFlipped) : null,
                    ofRulings(some, (comparison, verdict) -> verdict.isTie()),
                    ended(some, JudgementStatus.UNPARSEABLE))));
    return slices;
  }

  private static boolean isRightAlone(Comparison comparison, ComparisonVerdict verdict) {
    if (comparison.gold() instanceof Comparison.Gold.Better) {
      return PairMeasure.isRight(verdict, comparison);
    }
    List<Integer> top = verdict.top();
    return top.size() == 1 && comparison.right().get(top.getFirst());
  }

  private static @Nullable Double firstPreference(List<JudgedComparison> outcomes) {
    int decided = 0;
    int first = 0;
    for (JudgedComparison outcome : outcomes) {
      for (Map.Entry<CandidateOrder, ComparisonVerdict> one : outcome.readings().entrySet()) {
        Optional<Preference> preference = decision(one.getValue());
        if (preference.isPresent()) {
          decided++;
          boolean shownFirst =
              one.getKey().shown().getFirst() == (preference.get() == Preference.A ? 0 : 1);
          first += shownFirst ? 1 : 0;
        }
      }
    }
    return decided == 0 ? null : (Double) ((double) first / decided);
  }

  private static @Nullable Double longerPreference(List<JudgedComparison> outcomes) {
    int decided = 0;
    int longer = 0;
    for (JudgedComparison outcome : outcomes) {
      Optional<Preference> longerOne = decision(Baselines.longer(outcome.comparison()));
      for (ComparisonVerdict verdict : outcome.all()) {
        if (longerOne.isPresent() && decision(verdict).isPresent()) {
          decided++;
          longer += decision(verdict).equals(longerOne) ? 1 : 0;
        }
      }
    }
    return decided == 0 ? null : (Double) ((double) longer / decided);
  }

  private static Optional<Preference> decision(ComparisonVerdict verdict) {
    return verdict.preference().filter(preference -> preference != Preference.TIE);
  }

  private static double ended(List<JudgedComparison> outcomes, JudgementStatus status) {
    return ofRulings(outcomes, (comparison, verdict) -> verdict.status() == status);
  }

  private static double ofRulings(List<JudgedComparison> outcomes, RulingTest test) {
    return outcomes.stream()
        .flatMap(
            outcome ->
                outcome.all().stream().map(verdict -> test.test(outcome.comparison(), verdict)))
        .mapToDouble(yes -> yes ? 1 : 0)
        .average()
        .orElse(0);
  }

  private static double share(List<JudgedComparison> outcomes, Predicate<JudgedComparison> which) {
    return (double) outcomes.stream().filter(which).count() / outcomes.size();
  }

  private static ConfidenceInterval share(
      List<JudgedComparison> outcomes, Predicate<JudgedComparison> which, long seed) {
    boolean clustered =
        outcomes.stream()
            .anyMatch(one -> !Objects.equals(one.comparison().cluster(), one.comparison().id()));
    ToDoubleFunction<List<JudgedComparison>> figure = drawn -> share(drawn, which);
    return clustered
        ? ConfidenceInterval.bootstrap(outcomes, figure, seed)
        : ConfidenceInterval.wilson(
            outcomes.stream().filter(which).mapToInt(one -> 1).sum(), outcomes.size());
  }
}
