package io.urteil.evaluation.benchmark;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A comparison in one order: what is judged at once.
 *
 * @param number from 0; the same comparisons, orders and seed give the same numbers
 */
public record Presentation(int number, Comparison comparison, Order order) {

  /** All presentations of the comparisons, in their order. */
  public static List<Presentation> all(
      List<Comparison> comparisons, Function<Comparison, List<Order>> orders) {
    List<Presentation> all = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      for (Order order : orders.apply(comparison)) {
        all.add(new Presentation(all.size(), comparison, order));
      }
    }
    return all;
  }
}
