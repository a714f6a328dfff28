package io.urteil.evaluation.measure;

import io.urteil.evaluation.measure.Comparison.Candidate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Best of n: the probability that the candidate with the highest score is correct. Each of k
 * candidates that share the highest score is picked with probability 1/k.
 *
 * <p>Further figures need no judge: {@code mean} of single candidates, {@code majority} vote of the
 * answers, and {@code any}, whether a candidate is correct at all. In a tied vote the first answer
 * wins.
 *
 * <p>{@code weighted} is the vote of the answers weighted by their scores. If all scores are
 * probabilities, an answer has the sum of s^alpha over its candidates, as in Self-Verify: {@code
 * weighted} with alpha = 1 and {@code weighted01} with 0.1. Other scores are read as log-odds, and
 * weigh sigmoid(score).
 */
public record BestOfMeasure() implements Measure {

  /** The smaller exponent of Self-Verify: scores count little against the number of candidates. */
  private static final double FLAT = 0.1;

  @Override
  public String rule() {
    return "share of questions for which the candidate with the highest score is correct; k"
        + " candidates that share the highest score count their mean; a candidate without a"
        + " verdict is not picked";
  }

  @Override
  public double credit(JudgedComparison outcome) {
    return outcome.all().stream()
        .mapToDouble(verdict -> picked(verdict, outcome.comparison()))
        .average()
        .orElseThrow();
  }

  @Override
  public SequencedMap<String, Double> figures(List<JudgedComparison> outcomes) {
    SequencedMap<String, Double> figures = new LinkedHashMap<>();
    figures.put("mean", mean(outcomes, outcome -> meanRight(outcome.comparison())));
    figures.put("majority", mean(outcomes, outcome -> voted(outcome.comparison(), i -> 1)));
    figures.put("best", mean(outcomes, this::credit));
    if (areProbabilities(outcomes)) {
      figures.put("weighted", weighted(outcomes, score -> score));
      figures.put("weighted01", weighted(outcomes, score -> Math.pow(score, FLAT)));
    } else {
      figures.put("weighted", weighted(outcomes, BestOfMeasure::sigmoid));
    }
    figures.put(
        "any", mean(outcomes, outcome -> outcome.comparison().right().contains(true) ? 1 : 0));
    return figures;
  }

  @Override
  public SequencedMap<String, Double> baselines(List<Comparison> comparisons) {
    SequencedMap<String, Double> baselines = new LinkedHashMap<>();
    baselines.put("longer", accuracy(outcomes(comparisons, Baselines::longer)));
    baselines.put("first", accuracy(outcomes(comparisons, Baselines::first)));
    return baselines;
  }

  private static List<JudgedComparison> outcomes(
      List<Comparison> comparisons,
      java.util.function.Function<Comparison, ComparisonVerdict> judge) {
    return comparisons.stream().map(one -> JudgedComparison.given(one, judge.apply(one))).toList();
  }

  static double picked(ComparisonVerdict verdict, Comparison comparison) {
    return verdict.top().stream()
        .mapToDouble(top -> comparison.right().get(top) ? 1 : 0)
        .average()
        .orElse(0);
  }

  private static double meanRight(Comparison comparison) {
    return comparison.right().stream().mapToDouble(right -> right ? 1 : 0).average().orElseThrow();
  }

  private static boolean areProbabilities(List<JudgedComparison> outcomes) {
    return outcomes.stream()
        .flatMap(outcome -> outcome.all().stream())
        .flatMap(verdict -> verdict.scores().stream())
        .allMatch(score -> score == null || score >= 0 && score <= 1);
  }

  private static double weighted(List<JudgedComparison> outcomes, DoubleUnaryOperator weight) {
    return mean(
        outcomes,
        outcome ->
            outcome.all().stream()
                .mapToDouble(
                    verdict ->
                        voted(outcome.comparison(), i -> weight(verdict.scores().get(i), weight)))
                .average()
                .orElseThrow());
  }

  private static double weight(@Nullable Double score, DoubleUnaryOperator weight) {
    return score == null ? 0 : weight.applyAsDouble(score);
  }

  /** 1 if the answer with the most votes is correct, else 0. */
  private static double voted(Comparison comparison, IntToDoubleFunction weightOf) {
    Map<String, Double> votes = new HashMap<>();
    int best = -1;
    for (int i = 0; i < comparison.candidates().size(); i++) {
      votes.merge(answer(comparison, i), weightOf.applyAsDouble(i), Double::sum);
    }
    for (int i = 0; i < comparison.candidates().size(); i++) {
      if (best < 0 || votes(votes, comparison, i) > votes(votes, comparison, best)) {
        best = i;
      }
    }
    return comparison.right().get(best) ? 1 : 0;
  }

  private static double votes(Map<String, Double> votes, Comparison comparison, int candidate) {
    return votes.getOrDefault(answer(comparison, candidate), 0.0);
  }

  /** The key of a candidate's vote. A candidate without a known answer votes for itself only. */
  private static String answer(Comparison comparison, int candidate) {
    Candidate preference = comparison.candidates().get(candidate);
    return preference.answer() == null ? "candidate " + candidate : "answer " + preference.answer();
  }

  private static double sigmoid(double score) {
    return 1 / (1 + Math.exp(-score));
  }

  private static double mean(
      List<JudgedComparison> outcomes, ToDoubleFunction<JudgedComparison> figure) {
    return outcomes.stream().mapToDouble(figure).average().orElse(0);
  }
}
