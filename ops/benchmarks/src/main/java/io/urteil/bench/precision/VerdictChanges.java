package io.urteil.bench.precision;

import io.urteil.evaluation.DirectVerdict;
import io.urteil.evaluation.DirectVerdict.Choice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The differences of two judges' verdicts on the same comparisons. Comparisons with a failure of
 * either judge are excluded. Pure.
 *
 * @param changes changed verdicts, in the order of the comparisons
 */
record VerdictChanges(
    PrecisionReport.Verdicts verdicts, PrecisionReport.Scores scores, List<Change> changes) {

  VerdictChanges {
    changes = List.copyOf(changes);
  }

  /** The verdicts of both judges on one comparison. */
  record Change(DirectVerdict first, DirectVerdict second) {

    private boolean isJudged() {
      return first.said() != Choice.FAILED && second.said() != Choice.FAILED;
    }

    private boolean isChanged() {
      return first.said() != second.said();
    }

    private boolean isFirstRight() {
      return first.said() == first.better();
    }

    private boolean isSecondRight() {
      return second.said() == second.better();
    }

    private boolean hasTexts() {
      return first.text() != null && second.text() != null;
    }
  }

  /**
   * The changes from the first verdicts to the second.
   *
   * @throws IllegalArgumentException if they are not on the same comparisons in the same order
   */
  static VerdictChanges of(List<DirectVerdict> first, List<DirectVerdict> second) {
    List<Change> judged = both(first, second).stream().filter(Change::isJudged).toList();
    List<Change> changes = judged.stream().filter(Change::isChanged).toList();
    Map<String, Integer> orders = countByPair(judged);
    Map<String, Integer> changed = countByPair(changes);
    return new VerdictChanges(
        new PrecisionReport.Verdicts(
            first.size(),
            first.size() - judged.size(),
            changes.size(),
            judged.isEmpty() ? 0 : (double) changes.size() / judged.size(),
            count(changes, one -> one.first().said().isReverseOf(one.second().said())),
            count(changes, Change::isFirstRight),
            count(changes, Change::isSecondRight),
            changed.size(),
            orders.values().stream().allMatch(number -> number < 2)
                ? null
                : (Integer) (int) changed.values().stream().filter(number -> number > 1).count(),
            textsChanged(judged)),
        scores(judged),
        changes);
  }

  private static @Nullable Integer textsChanged(List<Change> judged) {
    if (judged.stream().noneMatch(Change::hasTexts)) {
      return null;
    }
    return count(
        judged, one -> one.hasTexts() && !Objects.equals(one.first().text(), one.second().text()));
  }

  private static PrecisionReport.Scores scores(List<Change> judged) {
    List<Double> changes = scoreChanges(judged);
    return new PrecisionReport.Scores(
        mean(changes), changes.stream().max(Double::compare).orElse(null), mean(gaps(judged)));
  }

  private static List<Change> both(List<DirectVerdict> first, List<DirectVerdict> second) {
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "%d and %d verdicts (expected: on the same comparisons)"
              .formatted(first.size(), second.size()));
    }
    List<Change> both = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      DirectVerdict one = first.get(i);
      DirectVerdict other = second.get(i);
      if (!one.pair().equals(other.pair()) || !one.order().equals(other.order())) {
        throw new IllegalArgumentException(
            "verdict %d: on '%s' %s and on '%s' %s (expected: on the same comparison)"
                .formatted(i, one.pair(), one.order(), other.pair(), other.order()));
      }
      both.add(new Change(one, other));
    }
    return both;
  }

  private static int count(List<Change> changes, java.util.function.Predicate<Change> which) {
    return (int) changes.stream().filter(which).count();
  }

  private static Map<String, Integer> countByPair(List<Change> changes) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    changes.forEach(one -> counts.merge(one.first().pair(), 1, Integer::sum));
    return counts;
  }

  private static List<Double> scoreChanges(List<Change> judged) {
    List<Double> changes = new ArrayList<>();
    for (Change one : judged) {
      for (int candidate = 0; candidate < one.first().scores().size(); candidate++) {
        Double before = one.first().scores().get(candidate);
        Double after = one.second().scores().get(candidate);
        if (before != null && after != null) {
          changes.add(Math.abs(after - before));
        }
      }
    }
    return changes;
  }

  private static List<Double> gaps(List<Change> judged) {
    List<Double> gaps = new ArrayList<>();
    for (Change one : judged) {
      Double a = one.first().scores().getFirst();
      Double b = one.first().scores().getLast();
      if (a != null && b != null) {
        gaps.add(Math.abs(a - b));
      }
    }
    return gaps;
  }

  private static @Nullable Double mean(List<Double> values) {
    return values.isEmpty()
        ? null
        : (Double) values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
