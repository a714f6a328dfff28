package io.urteil.evaluation.measure;

import io.urteil.event.JudgementStatus;
import io.urteil.prompt.Preference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The verdict of a judge on one comparison in one order, by candidate in the order of the
 * benchmark.
 *
 * @param statuses the status of each candidate's judgement
 * @param scores higher is better; null for a candidate without a verdict
 */
public record ComparisonVerdict(List<JudgementStatus> statuses, List<@Nullable Double> scores) {

  public ComparisonVerdict {
    statuses = List.copyOf(statuses);
    scores = java.util.Collections.unmodifiableList(new ArrayList<>(scores));
    if (statuses.size() != scores.size()) {
      throw new IllegalArgumentException(
          "%d statuses, %d scores (expected: one of each per candidate)"
              .formatted(statuses.size(), scores.size()));
    }
    for (int i = 0; i < scores.size(); i++) {
      if ((statuses.get(i) == JudgementStatus.SCORED) != (scores.get(i) != null)) {
        throw new IllegalArgumentException(
            "candidate %d: %s with score %s (expected: a score if and only if SCORED)"
                .formatted(i, statuses.get(i), scores.get(i)));
      }
    }
  }

  /** A verdict with a score for each candidate. */
  public static ComparisonVerdict scored(List<Double> scores) {
    return new ComparisonVerdict(
        scores.stream().map(score -> JudgementStatus.SCORED).toList(), scores);
  }

  /** A verdict that prefers one of two candidates, or neither. */
  public static ComparisonVerdict of(Preference preference) {
    return scored(
        switch (preference) {
          case A -> List.of(1.0, 0.0);
          case B -> List.of(0.0, 1.0);
          case TIE -> List.of(0.5, 0.5);
        });
  }

  /** The result of a comparison without a verdict. */
  public static ComparisonVerdict without(JudgementStatus status, int candidates) {
    List<JudgementStatus> statuses = new ArrayList<>();
    List<@Nullable Double> scores = new ArrayList<>();
    for (int i = 0; i < candidates; i++) {
      statuses.add(status);
      scores.add(null);
    }
    return new ComparisonVerdict(statuses, scores);
  }

  /** SCORED if every candidate has a score, else the first other status. */
  public JudgementStatus status() {
    return statuses.stream()
        .filter(status -> status != JudgementStatus.SCORED)
        .findFirst()
        .orElse(JudgementStatus.SCORED);
  }

  /** The indexes of the candidates with the highest score; empty without scores. */
  public List<Integer> top() {
    double best = Double.NEGATIVE_INFINITY;
    List<Integer> top = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      Double score = scores.get(i);
      if (score == null || score < best) {
        continue;
      }
      if (score > best) {
        best = score;
        top.clear();
      }
      top.add(i);
    }
    return top;
  }

  /** The preferred one of two candidates; empty if a candidate has no score. */
  public Optional<Preference> preference() {
    if (status() != JudgementStatus.SCORED) {
      return Optional.empty();
    }
    List<Integer> top = top();
    return Optional.of(
        top.size() > 1 ? Preference.TIE : top.getFirst() == 0 ? Preference.A : Preference.B);
  }

  /** Whether every candidate has a score and several share the highest. */
  boolean isTie() {
    return status() == JudgementStatus.SCORED && top().size() > 1;
  }
}
