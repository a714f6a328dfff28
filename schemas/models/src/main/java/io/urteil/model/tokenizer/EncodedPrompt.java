package io.urteil.model.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A prompt as token ids.
 *
 * @param messages for each token the message it belongs to; never decreases
 */
public record EncodedPrompt(int[] tokenIds, int[] messages) {

  public EncodedPrompt {
    if (tokenIds.length != messages.length) {
      throw new IllegalArgumentException(
          "messages: %d (expected: %d, one per token)".formatted(messages.length, tokenIds.length));
    }
    tokenIds = tokenIds.clone();
    messages = messages.clone();
  }

  /**
   * The tokens by message, in order: each with the template's text before it, the last also with
   * the text after it. Concatenated they are the whole prompt.
   */
  public List<int[]> byMessage(int count) {
    List<int[]> parts = new ArrayList<>();
    int from = 0;
    for (int message = 0; message < count; message++) {
      int to = from;
      while (to < tokenIds.length && (messages[to] <= message || message == count - 1)) {
        to++;
      }
      parts.add(Arrays.copyOfRange(tokenIds, from, to));
      from = to;
    }
    return parts;
  }

  @Override
  public int[] tokenIds() {
    return tokenIds.clone();
  }

  @Override
  public int[] messages() {
    return messages.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EncodedPrompt that
        && Arrays.equals(tokenIds, that.tokenIds)
        && Arrays.equals(messages, that.messages);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(tokenIds), Arrays.hashCode(messages));
  }
}
