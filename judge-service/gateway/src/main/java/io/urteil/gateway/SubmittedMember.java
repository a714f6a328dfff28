package io.urteil.gateway;

import io.urteil.event.FinishReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One member of a submitted group: a completion to be judged.
 *
 * @param arm prompt variant; null for the first arm of the run
 * @param index position in its arm, from 0
 * @param messages the completion: one assistant message, or several with those of tools between
 *     them
 * @param tokens of the last message; null if unknown
 * @param finishReason why sampling stopped
 * @param policyVersion version of the weights that sampled the text; null if unknown
 */
public record SubmittedMember(
    @Nullable String arm,
    int index,
    List<SubmittedMessage> messages,
    @Nullable SubmittedTokens tokens,
    FinishReason finishReason,
    @Nullable Long policyVersion) {

  public SubmittedMember {
    messages = List.copyOf(messages);
  }

  /** A member of the first arm with a text and nothing else. */
  public static SubmittedMember text(int index, String text) {
    return new SubmittedMember(
        null,
        index,
        List.of(new SubmittedMessage("assistant", text)),
        null,
        FinishReason.UNKNOWN,
        null);
  }
}
