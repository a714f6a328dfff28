package io.urteil.local.score;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One prompt with the responses to score.
 *
 * @param prompt the text of the prompt
 * @param responses responses to score, at least one
 * @param reference the expected answer; null without one
 */
record ScoreLine(String prompt, List<Response> responses, @Nullable String reference) {

  ScoreLine {
    responses = List.copyOf(responses);
  }

  /**
   * @param text the text of the response
   * @param model name of the model; "all" if the file does not name one
   * @param recorded whether the file records the response as correct; null without a record
   */
  record Response(String text, String model, @Nullable Boolean recorded) {}
}
