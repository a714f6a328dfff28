package io.urteil.evaluation.measure;

import java.util.List;
import java.util.SequencedMap;

/** The measure of a benchmark, which converts verdicts to figures. Pure. */
public interface Measure {

  /** The rule of {@link #accuracy} in words. */
  String rule();

  /** The credit of one comparison, in 0..1. */
  double credit(JudgedComparison outcome);

  /** The main figure of the benchmark, in 0..1. */
  default double accuracy(List<JudgedComparison> outcomes) {
    return outcomes.stream().mapToDouble(this::credit).average().orElse(0);
  }

  /** Whether {@link #accuracy} is the unweighted mean of the credits. */
  default boolean isPlainMean() {
    return true;
  }

  /** Further figures of the benchmark by name, in 0..1. */
  SequencedMap<String, Double> figures(List<JudgedComparison> outcomes);

  /** Accuracy of the baseline judges by name, in 0..1. */
  SequencedMap<String, Double> baselines(List<Comparison> comparisons);
}
