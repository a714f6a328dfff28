package io.urteil.evaluation;

import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.measure.WrittenResponse;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The texts that a judge wrote, from its judgements. Pure. */
final class WrittenResponses {

  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  /** Statuses whose text is that of the model; the text of a failed vote is an error. */
  private static final Set<JudgementStatus> FINISHED =
      Set.of(JudgementStatus.SCORED, JudgementStatus.UNPARSEABLE, JudgementStatus.ABSTAINED);

  private WrittenResponses() {}

  /** The texts about one presentation: a vote each, also if it was cut off. */
  static List<WrittenResponse> of(Presentation presentation, Map<Integer, Judgement> byPosition) {
    WrittenResponse.Kind kind =
        WrittenResponse.Kind.of(
            presentation.comparison(),
            ComparisonVerdictReader.read(presentation.order(), byPosition));
    List<WrittenResponse> responses = new ArrayList<>();
    for (Judgement judgement : byPosition.values()) {
      for (Vote vote : judgement.getVotes()) {
        String text = vote.getText();
        // The tokens of a vote on several candidates are in the judgement of the first one.
        if (text != null && vote.getCompletionTokens() > 0) {
          OptionalInt thought =
              FINISHED.contains(vote.getStatus()) ? thought(text) : OptionalInt.empty();
          responses.add(
              new WrittenResponse(
                  presentation.comparison().source(),
                  kind,
                  vote.getCompletionTokens(),
                  thought.isPresent() ? (@Nullable Integer) thought.getAsInt() : null));
        }
      }
    }
    return responses;
  }

  /**
   * Characters of the thought without its tags; the opening tag may be in the prompt. Empty unless
   * the text closes one thought.
   */
  static OptionalInt thought(String text) {
    int end = text.indexOf(CLOSE);
    if (end < 0 || text.indexOf(CLOSE, end + 1) >= 0) {
      return OptionalInt.empty();
    }
    String before = text.substring(0, end).strip();
    String thought = before.startsWith(OPEN) ? before.substring(OPEN.length()).strip() : before;
    return OptionalInt.of(thought.codePointCount(0, thought.length()));
  }
}
