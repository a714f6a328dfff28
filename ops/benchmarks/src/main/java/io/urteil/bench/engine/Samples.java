package io.urteil.bench.engine;

import io.urteil.bench.Median;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Samples of figures by name, one value per round, in insertion order. */
final class Samples {

  private final SequencedMap<String, List<Double>> values = new LinkedHashMap<>();

  void add(String name, double value) {
    values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * @throws IllegalArgumentException if the figure has no samples
   */
  double median(String name) {
    List<Double> found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no samples of '" + name + "'");
    }
    return Median.of(found);
  }
}
