package io.urteil.judges.answer.math;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A mathematical answer, as {@link AnswerReader} reads it. */
sealed interface MathAnswer {

  /**
   * One value.
   *
   * @param name what it is the value of, as in {@code x = 5}; null if the answer does not say
   * @param percent whether a percent sign follows the value
   * @param unit the currency before or the word behind the value, in lower case; null without one
   */
  record Value(@Nullable Label name, MathNode node, boolean percent, @Nullable String unit)
      implements MathAnswer {

    static Value of(MathNode node) {
      return new Value(null, node, false, null);
    }

    Value named(@Nullable Label label) {
      return new Value(label, node, percent, unit);
    }
  }

  /**
   * An exact value and its approximation, as in {@code \frac{1}{3} \approx 0.333}. The exact value
   * is the answer.
   */
  record Approximated(MathAnswer exact, MathAnswer approximation) implements MathAnswer {}

  /** A point, a vector or an interval: order and brackets matter. */
  record Ordered(String open, List<MathAnswer> items, String close) implements MathAnswer {}

  /** A set, a list of solutions, or a chain of relations: order does not matter. */
  record Unordered(Kind kind, List<MathAnswer> items) implements MathAnswer {

    enum Kind {
      SET,
      UNION,
      CHAIN
    }
  }

  /**
   * A set of real numbers.
   *
   * @param name the variable of an inequality; null for an interval
   */
  record RealSet(@Nullable String name, Region region) implements MathAnswer {}

  /** A matrix or vector. */
  record Matrix(List<List<MathAnswer>> rows) implements MathAnswer {}

  /** An equation or inequality; the operator is {@code =}, {@code <}, {@code leq} or {@code ne}. */
  record Relation(MathNode left, String operator, MathNode right) implements MathAnswer {}

  /** A number with an explicit base, such as {@code 101_2}. */
  record Based(String digits, int base) implements MathAnswer {}

  /** A ratio of three or more numbers. */
  record Ratio(List<MathNode> parts) implements MathAnswer {}

  /**
   * A time of day, or a ratio that looks like one.
   *
   * @param half am or pm; empty without it
   */
  record Clock(int hour, int minute, String half) implements MathAnswer {}

  /** Any other answer, normalised by {@link Wording#plain}. */
  record Words(String text) implements MathAnswer {}
}
