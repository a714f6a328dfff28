package io.urteil.evaluation.benchmark;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A comparison in one order, the unit of judging.
 *
 * @param number sequence number from 0; equal comparisons, orders and seed yield equal numbers
 */
public record Presentation(int number, Comparison comparison, CandidateOrder order) {

  /** All presentations of the comparisons, in their order. */
  public static List<Presentation> all(
      List<Comparison> comparisons, Function<Comparison, List<CandidateOrder>> orders) {
    List<Presentation> all = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      for (CandidateOrder order : orders.apply(comparison)) {
        all.add(new Presentation(all.size(), comparison, order));
      }
    }
    return all;
  }

  /**
   * The orders of a comparison. A random order is a rotation drawn from the seed and the id of the
   * comparison.
   */
  public static List<CandidateOrder> orders(
      CandidateOrders which, Comparison comparison, long seed) {
    int candidates = comparison.candidates().size();
    return which.of(
        candidates,
        () ->
            CandidateOrder.rotated(candidates, random(comparison.id(), seed).nextInt(candidates)));
  }

  private static Random random(String id, long seed) {
    return new Random(seed * 0x9E3779B97F4A7C15L ^ id.hashCode() * 0xC2B2AE3D27D4EB4FL);
  }
}
