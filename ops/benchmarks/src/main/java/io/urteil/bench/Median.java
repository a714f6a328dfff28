package io.urteil.bench;

import java.util.List;

/** The median of a list. */
public final class Median {

  private Median() {}

  /**
   * The middle value, or the mean of the two middle ones.
   *
   * @param values at least one, in any order
   */
  public static double of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
