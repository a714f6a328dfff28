package io.urteil.evaluation.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A measure whose accuracy is the unweighted mean of its figures. */
interface MeanMeasure extends Measure {

  @Override
  default boolean isPlainMean() {
    return false;
  }

  @Override
  default double accuracy(List<JudgedComparison> outcomes) {
    return figures(outcomes).values().stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  @Override
  default SequencedMap<String, Double> baselines(List<Comparison> comparisons) {
    SequencedMap<String, Double> baselines = new LinkedHashMap<>();
    baselines.put(
        "longer",
        accuracy(
            comparisons.stream()
                .map(one -> JudgedComparison.given(one, Baselines.longer(one)))
                .toList()));
    return baselines;
  }
}
