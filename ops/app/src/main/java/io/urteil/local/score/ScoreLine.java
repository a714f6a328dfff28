package io.urteil.local.score;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One prompt with the responses to score.
 *
 * @param prompt what was asked
 * @param responses at least one
 * @param reference what the judge compares with; null when the judge needs none
 */
record ScoreLine(String prompt, List<Response> responses, @Nullable String reference) {

  ScoreLine {
    responses = List.copyOf(responses);
  }

  /**
   * @param text what the model wrote
   * @param model who wrote it; "all" when the file does not say
   * @param recorded an earlier judgement to compare with, when the file has one
   */
  record Response(String text, String model, @Nullable Boolean recorded) {}
}
