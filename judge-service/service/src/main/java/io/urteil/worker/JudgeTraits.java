package io.urteil.worker;

import io.urteil.judge.api.Judge;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a judge states about itself, read once when it is made: its judgements depend on no further
 * call that could fail.
 */
record JudgeTraits(String version, String promptHash, Optional<Duration> timeLimit) {

  /** A judge that is unavailable. */
  static final JudgeTraits NONE = new JudgeTraits("", "", Optional.empty());

  private static final int LONGEST = 1_024;

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException when one is missing, too long or not positive
   */
  @SuppressWarnings({"OptionalAssignedToNull", "ConstantValue"}) // a plug-in may return null
  static JudgeTraits of(Judge judge) {
    Optional<Duration> limit = judge.timeLimit();
    if (limit == null || limit.isPresent() && !limit.get().isPositive()) {
      throw new IllegalArgumentException(
          "timeLimit() of the judge: %s (expected: > 0, or empty)".formatted(limit));
    }
    return new JudgeTraits(
        text("version()", judge.version()), text("promptHash()", judge.promptHash()), limit);
  }

  private static String text(String method, @Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException("%s of the judge: null".formatted(method));
    }
    if (value.length() > LONGEST) {
      throw new IllegalArgumentException(
          "%s of the judge: %d characters (expected: at most %d)"
              .formatted(method, value.length(), LONGEST));
    }
    return value;
  }
}
