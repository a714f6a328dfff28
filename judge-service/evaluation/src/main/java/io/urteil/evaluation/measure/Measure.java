package io.urteil.evaluation.measure;

import java.util.List;
import java.util.SequencedMap;

/** How a benchmark counts. Pure. */
public interface Measure {

  /** The rule by which {@link #accuracy} counts, in words. */
  String rule();

  /** What one comparison earns, 0 to 1. */
  double credit(JudgedComparison outcome);

  /** The benchmark's headline figure, 0 to 1. */
  default double accuracy(List<JudgedComparison> outcomes) {
    return outcomes.stream().mapToDouble(this::credit).average().orElse(0);
  }

  /** Whether {@link #accuracy} is the plain mean of the credits. */
  default boolean isPlainMean() {
    return true;
  }

  /** The benchmark's own figures by name, 0 to 1. */
  SequencedMap<String, Double> figures(List<JudgedComparison> outcomes);

  /** What judges that look at nothing but length or position come to, by name. */
  SequencedMap<String, Double> floors(List<Comparison> comparisons);
}
