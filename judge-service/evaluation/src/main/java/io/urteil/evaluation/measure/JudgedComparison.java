package io.urteil.evaluation.measure;

import io.urteil.order.CandidateOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A comparison with the verdicts of one judge by presented order.
 *
 * @param rulings one verdict for each judged order; at least one
 * @param readings what the judge read in each order: the rulings, unless the judge itself presents
 *     several orders and returns one verdict of all of them. Flips, consistency and the preference
 *     for the first position are computed from these
 */
public record JudgedComparison(
    Comparison comparison,
    SequencedMap<CandidateOrder, ComparisonVerdict> rulings,
    SequencedMap<CandidateOrder, ComparisonVerdict> readings) {

  public JudgedComparison {
    rulings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(rulings));
    readings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(readings));
    if (rulings.isEmpty() || readings.isEmpty()) {
      throw new IllegalArgumentException(
          "comparison '%s': no verdicts (expected: at least one)".formatted(comparison.id()));
    }
  }

  /** A comparison whose verdict in each order is what the judge read in it. */
  public JudgedComparison(
      Comparison comparison, SequencedMap<CandidateOrder, ComparisonVerdict> rulings) {
    this(comparison, rulings, rulings);
  }

  /** A comparison that is judged in the given order only. */
  public static JudgedComparison given(Comparison comparison, ComparisonVerdict verdict) {
    return new JudgedComparison(
        comparison,
        new LinkedHashMap<>(Map.of(CandidateOrder.given(comparison.candidates().size()), verdict)));
  }

  List<ComparisonVerdict> all() {
    return List.copyOf(rulings.values());
  }

  /** Whether the judge read several orders. */
  boolean hasOrders() {
    return readings.size() > 1;
  }

  /** Whether the readings of different orders differ in the preferred candidates or the status. */
  public boolean isFlipped() {
    return readings.values().stream()
            .map(verdict -> List.of(verdict.status(), verdict.top()))
            .distinct()
            .count()
        > 1;
  }
}
