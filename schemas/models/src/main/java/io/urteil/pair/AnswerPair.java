package io.urteil.pair;

import io.urteil.prompt.Preference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question with two answers and gold values. At least one of {@code preferred}, {@code scores}
 * and {@code strength} is present.
 *
 * @param id null if the line has none
 * @param question the common question of the answers
 * @param answerA the first answer
 * @param answerB the second answer
 * @param preferred the better answer as stated; null if it follows from scores or strength
 * @param scores of both answers, verbatim; null without any
 * @param strength strength of preference, negative if the first answer is better; null without one
 * @param reference a correct or good answer; null without one
 * @param source the part of the data set; null without several
 */
public record AnswerPair(
    @Nullable String id,
    String question,
    String answerA,
    String answerB,
    @Nullable Preference preferred,
    @Nullable List<String> scores,
    @Nullable Integer strength,
    @Nullable String reference,
    @Nullable String source) {

  public AnswerPair {
    scores = scores == null ? null : List.copyOf(scores);
    if (preferred == null && scores == null && strength == null) {
      throw new IllegalArgumentException(
          "no gold value (expected: 'preferred', 'scores' or 'strength')");
    }
  }

  /** Both answers, A first. */
  public List<String> answers() {
    return List.of(answerA, answerB);
  }

  /** The better answer: as stated, else by the scores, else by the strength. */
  public Preference better() {
    if (preferred != null) {
      return preferred;
    }
    int lead =
        scores != null
            ? Double.compare(Double.parseDouble(scores.get(0)), Double.parseDouble(scores.get(1)))
            : strength != null ? -Integer.signum(strength) : 0;
    return lead == 0 ? Preference.TIE : lead > 0 ? Preference.A : Preference.B;
  }
}
