package io.urteil.evaluation.measure;

import io.urteil.event.JudgementStatus;
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
 */
public record JudgedComparison(
    Comparison comparison, SequencedMap<CandidateOrder, ComparisonVerdict> rulings) {

  public JudgedComparison {
    rulings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(rulings));
    if (rulings.isEmpty()) {
      throw new IllegalArgumentException(
          "comparison '%s': no verdicts (expected: at least one)".formatted(comparison.id()));
    }
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

  /** Whether the verdicts in all orders prefer the same candidate; a tie prefers none. */
  boolean isConsistent() {
    List<List<Integer>> preferred = all().stream().map(ComparisonVerdict::top).distinct().toList();
    return preferred.size() == 1
        && preferred.getFirst().size() == 1
        && all().stream().allMatch(verdict -> verdict.status() == JudgementStatus.SCORED);
  }

  /** Whether verdicts in different orders differ in the preferred candidates or the status. */
  boolean isFlipped() {
    return all().stream()
            .map(verdict -> List.of(verdict.status(), verdict.top()))
            .distinct()
            .count()
        > 1;
  }
}
