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
 * What the judgements of one judge on one benchmark come to. Shares are 0 to 1; null is what the
 * benchmark or the orders judged do not say.
 *
 * @param comparisons how many there are
 * @param rulings how many were judged: comparisons times orders
 * @param figures the benchmark's own figures
 * @param slices by source
 * @param intervals by figure, 95 %
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
   * How often the judge is right.
   *
   * @param accuracy by the benchmark's own rule
   * @param strictAccuracy share of the rulings that name the right one alone; whatever else they
   *     say is wrong
   * @param macroPrecision mean of the classes' precisions, over the classes that labels have
   * @param macroRecall mean of the classes' recalls
   * @param macroF1 mean of the classes' F1
   * @param positionConsistentAccuracy share of pairs that every order gets right
   */
  public record Correctness(
      double accuracy,
      double strictAccuracy,
      @Nullable Double macroPrecision,
      @Nullable Double macroRecall,
      @Nullable Double macroF1,
      @Nullable Double positionConsistentAccuracy) {}

  /**
   * What the judge goes by besides the answers.
   *
   * @param flipRate share of comparisons that end otherwise in another order
   * @param firstPreference share of the decided rulings on pairs that name the one shown first
   * @param longerPreference share of the decided rulings on pairs of different length that name the
   *     longer one
   */
  public record Preferences(
      @Nullable Double flipRate,
      @Nullable Double firstPreference,
      @Nullable Double longerPreference) {}

  /**
   * Rulings that name no candidate.
   *
   * @param ties share of the rulings that prefer neither
   * @param unparseable share of the rulings that could not be read
   * @param abstained share of the rulings in which the judge declined
   * @param failed share of the rulings in which it failed or took too long
   */
  public record Endings(double ties, double unparseable, double abstained, double failed) {}

  /**
   * The part of a benchmark that has one source.
   *
   * @param interval of its accuracy
   */
  public record Slice(
      int comparisons,
      double accuracy,
      ConfidenceInterval interval,
      @Nullable Double flipRate,
      double ties,
      double unparseable) {}

  /** Counts the outcomes; the seed is that of the bootstrap. */
  public static EvaluationResult of(List<JudgedComparison> outcomes, Measure measure, long seed) {
    boolean pairs =
        outcomes.stream()
            .allMatch(one -> one.comparison().gold() instanceof Comparison.Gold.Better);
    boolean orders = outcomes.stream().allMatch(one -> one.rulings().size() > 1);
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
            ofRulings(outcomes, (comparison, ruling) -> ruling.isTie()),
            ended(outcomes, JudgementStatus.UNPARSEABLE),
            ended(outcomes, JudgementStatus.ABSTAINED),
            ended(outcomes, JudgementStatus.FAILED) + ended(outcomes, JudgementStatus.TIMED_OUT)),
        measure.figures(outcomes),
        slices(outcomes, measure, orders, seed),
        intervals);
  }

  private interface RulingTest {
    boolean test(Comparison comparison, ComparisonVerdict ruling);
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
                    ofRulings(some, (comparison, ruling) -> ruling.isTie()),
                    ended(some, JudgementStatus.UNPARSEABLE))));
    return slices;
  }

  private static boolean isRightAlone(Comparison comparison, ComparisonVerdict ruling) {
    if (comparison.gold() instanceof Comparison.Gold.Better) {
      return PairMeasure.isRight(ruling, comparison);
    }
    List<Integer> top = ruling.top();
    return top.size() == 1 && comparison.right().get(top.getFirst());
  }

  private static @Nullable Double firstPreference(List<JudgedComparison> outcomes) {
    int decided = 0;
    int first = 0;
    for (JudgedComparison outcome : outcomes) {
      for (Map.Entry<CandidateOrder, ComparisonVerdict> one : outcome.rulings().entrySet()) {
        Optional<Preference> said = decision(one.getValue());
        if (said.isPresent()) {
          decided++;
          boolean shownFirst =
              one.getKey().shown().getFirst() == (said.get() == Preference.A ? 0 : 1);
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
      for (ComparisonVerdict ruling : outcome.all()) {
        if (longerOne.isPresent() && decision(ruling).isPresent()) {
          decided++;
          longer += decision(ruling).equals(longerOne) ? 1 : 0;
        }
      }
    }
    return decided == 0 ? null : (Double) ((double) longer / decided);
  }

  private static Optional<Preference> decision(ComparisonVerdict ruling) {
    return ruling.preference().filter(said -> said != Preference.TIE);
  }

  private static double ended(List<JudgedComparison> outcomes, JudgementStatus status) {
    return ofRulings(outcomes, (comparison, ruling) -> ruling.status() == status);
  }

  private static double ofRulings(List<JudgedComparison> outcomes, RulingTest test) {
    return outcomes.stream()
        .flatMap(
            outcome ->
                outcome.all().stream().map(ruling -> test.test(outcome.comparison(), ruling)))
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
