package io.urteil.judges.answer.math;

import io.urteil.judges.answer.number.Complex;
import io.urteil.judges.answer.number.Rational;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of real numbers as a union of intervals: the meaning of intervals, inequalities, chains of
 * them, unions and "all real numbers". The intervals are sorted, not empty, and neither overlap nor
 * touch, so two regions are equal if their intervals are.
 */
record Region(List<Interval> intervals) {

  private static final Bound LOWEST = new Bound(Double.NEGATIVE_INFINITY, null);
  private static final Bound HIGHEST = new Bound(Double.POSITIVE_INFINITY, null);

  static final Region ALL = new Region(List.of(new Interval(LOWEST, false, HIGHEST, false)));
  static final Region NONE = new Region(List.of());

  /**
   * An end of an interval.
   *
   * @param value in double precision, possibly infinite
   * @param exact null if the value is irrational or infinite
   */
  record Bound(double value, @Nullable Rational exact) implements Comparable<Bound> {

    static Bound of(Rational exact) {
      return new Bound(exact.doubleValue(), exact);
    }

    boolean isFinite() {
      return Double.isFinite(value);
    }

    Bound negated() {
      return new Bound(-value, exact == null ? null : exact.negated());
    }

    /** Zero also for irrational values that agree within the tolerance of {@link Complex}. */
    @Override
    public int compareTo(Bound other) {
      if (exact != null && other.exact != null) {
        return exact.sameAs(other.exact) ? 0 : exact.compareTo(other.exact);
      }
      boolean close =
          isFinite() && other.isFinite() && Complex.of(value).closeTo(Complex.of(other.value));
      return close ? 0 : Double.compare(value, other.value);
    }
  }

  /** An order of lists; that of bounds is none, because of its tolerance. */
  private static final Comparator<Interval> BY_LOWER =
      Comparator.comparingDouble(interval -> interval.lower().value());

  /** The numbers between two bounds, which belong to it if they are closed. */
  record Interval(Bound lower, boolean lowerClosed, Bound upper, boolean upperClosed) {

    boolean isEmpty() {
      int order = lower.compareTo(upper);
      return order > 0 || (order == 0 && !(lowerClosed && upperClosed));
    }

    boolean same(Interval other) {
      return lower.compareTo(other.lower) == 0
          && upper.compareTo(other.upper) == 0
          && lowerClosed == other.lowerClosed
          && upperClosed == other.upperClosed;
    }

    /** Whether a later interval begins within this one or where it ends. */
    private boolean reaches(Interval later) {
      int order = later.lower.compareTo(upper);
      return order < 0 || (order == 0 && (later.lowerClosed || upperClosed));
    }

    private Interval with(Interval later) {
      int order = upper.compareTo(later.upper);
      Interval last = order >= 0 ? this : later;
      boolean closed = order == 0 ? upperClosed || later.upperClosed : last.upperClosed;
      boolean starts = lowerClosed || (lower.compareTo(later.lower) == 0 && later.lowerClosed);
      return new Interval(lower, starts, last.upper, closed);
    }

    private Interval within(Interval other) {
      int low = lower.compareTo(other.lower);
      int high = upper.compareTo(other.upper);
      return new Interval(
          low >= 0 ? lower : other.lower,
          low == 0 ? lowerClosed && other.lowerClosed : low > 0 ? lowerClosed : other.lowerClosed,
          high <= 0 ? upper : other.upper,
          high == 0
              ? upperClosed && other.upperClosed
              : high < 0 ? upperClosed : other.upperClosed);
    }
  }

  static Region of(Interval interval) {
    return interval.isEmpty() ? NONE : new Region(List.of(interval));
  }

  static Region point(Bound at) {
    return of(new Interval(at, true, at, true));
  }

  /** All numbers above a bound. */
  static Region above(Bound bound, boolean closed) {
    return of(new Interval(bound, closed, HIGHEST, false));
  }

  /** All numbers below a bound. */
  static Region below(Bound bound, boolean closed) {
    return of(new Interval(LOWEST, false, bound, closed));
  }

  Region union(Region other) {
    List<Interval> all = new ArrayList<>(intervals);
    all.addAll(other.intervals);
    all.sort(BY_LOWER);
    List<Interval> merged = new ArrayList<>();
    for (Interval interval : all) {
      if (!merged.isEmpty() && merged.getLast().reaches(interval)) {
        merged.add(merged.removeLast().with(interval));
      } else {
        merged.add(interval);
      }
    }
    return new Region(List.copyOf(merged));
  }

  Region intersection(Region other) {
    List<Interval> common = new ArrayList<>();
    for (Interval interval : intervals) {
      for (Interval second : other.intervals) {
        Interval both = interval.within(second);
        if (!both.isEmpty()) {
          common.add(both);
        }
      }
    }
    common.sort(BY_LOWER);
    return new Region(List.copyOf(common));
  }

  Region complement() {
    Region rest = ALL;
    for (Interval interval : intervals) {
      Region outside = NONE;
      if (interval.lower.isFinite()) {
        outside = outside.union(below(interval.lower, !interval.lowerClosed));
      }
      if (interval.upper.isFinite()) {
        outside = outside.union(above(interval.upper, !interval.upperClosed));
      }
      rest = rest.intersection(outside);
    }
    return rest;
  }

  boolean isEmpty() {
    return intervals.isEmpty();
  }

  boolean same(Region other) {
    if (intervals.size() != other.intervals.size()) {
      return false;
    }
    for (int i = 0; i < intervals.size(); i++) {
      if (!intervals.get(i).same(other.intervals.get(i))) {
        return false;
      }
    }
    return true;
  }
}
