package io.urteil.evaluation.benchmark;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A comparison in one order: what is judged at once.
 *
 * @param number from 0; the same comparisons, orders and seed give the same numbers
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
   * The orders of a comparison; the random one is drawn by seed and the comparison's id, of more
   * than two candidates a rotation.
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
