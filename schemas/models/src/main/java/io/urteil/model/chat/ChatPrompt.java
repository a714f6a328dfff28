package io.urteil.model.chat;

import java.util.List;
import java.util.stream.Collectors;

/** A rendered conversation, in pieces by origin. */
public record ChatPrompt(List<PromptPiece> pieces) {

  public ChatPrompt {
    pieces = List.copyOf(pieces);
  }

  /** The whole prompt as one text; encoded as such, messages could spell control tokens. */
  public String text() {
    return pieces.stream().map(PromptPiece::text).collect(Collectors.joining());
  }
}
