package io.urteil.pair;

import io.urteil.prompt.Preference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question with two answers and what is known about them. At least one of {@code preferred},
 * {@code scores} and {@code strength} is there.
 *
 * @param id null when the line has none
 * @param question what the answers answer
 * @param answerA the first answer
 * @param answerB the second answer
 * @param preferred the better answer as the line states it; null when it follows from the others
 * @param scores of both answers, as they are written in the line; null when there are none
 * @param strength of the preference, below 0 when the first answer is the better one
 * @param reference a right or good answer, where there is one
 * @param source the slice of the data set it belongs to, where there are several
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

  /** The answers in the order of the line. */
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
