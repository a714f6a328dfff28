package io.urteil.pair;

import io.urteil.prompt.Preference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question with two answers and their gold values. At least one of {@code preferred}, {@code
 * scores} and {@code strength} is present.
 *
 * @param id null if absent
 * @param question that both answers respond to
 * @param answerA the first answer
 * @param answerB the second answer
 * @param preferred the better answer as stated; null if the other gold values determine it
 * @param scores of both answers, as written in the file; null if absent
 * @param strength of the preference, below 0 if the first answer is better; null if absent
 * @param reference a correct or good answer; null if absent
 * @param source subset of the data set; null if absent
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

  /** The answers in the order of the file. */
  public List<String> answers() {
    return List.of(answerA, answerB);
  }

  /** The better answer: as stated, otherwise by the scores, otherwise by the strength. */
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
