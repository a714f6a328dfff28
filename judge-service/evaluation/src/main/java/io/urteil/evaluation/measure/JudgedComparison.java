package io.urteil.evaluation.measure;

import io.urteil.order.CandidateOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A comparison with what a judge said about it, by the order shown.
 *
 * @param rulings one for each order that was judged; at least one
 */
public record JudgedComparison(
    Comparison comparison, SequencedMap<CandidateOrder, ComparisonVerdict> rulings) {

  public JudgedComparison {
    rulings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(rulings));
    if (rulings.isEmpty()) {
      throw new IllegalArgumentException(
          "comparison '%s': no rulings (expected: at least one)".formatted(comparison.id()));
    }
  }

  /** A comparison judged in its own order only. */
  public static JudgedComparison given(Comparison comparison, ComparisonVerdict ruling) {
    return new JudgedComparison(
        comparison,
        new LinkedHashMap<>(Map.of(CandidateOrder.given(comparison.candidates().size()), ruling)));
  }

  List<ComparisonVerdict> all() {
    return List.copyOf(rulings.values());
  }

  /** Whether rulings in different orders name different candidates, or end differently. */
  boolean isFlipped() {
    return all().stream().map(ruling -> List.of(ruling.status(), ruling.top())).distinct().count()
        > 1;
  }
}
