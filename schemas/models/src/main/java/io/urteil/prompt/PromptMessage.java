package io.urteil.prompt;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One turn of a rendered judge prompt.
 *
 * @param role system, user or assistant
 * @param pieces its content in order; adjacent pieces join without anything between them
 */
public record PromptMessage(String role, List<SourcedText> pieces) {

  public PromptMessage {
    pieces = List.copyOf(pieces);
  }

  /** The content as one text. */
  public String text() {
    return pieces.stream().map(SourcedText::text).collect(Collectors.joining());
  }
}
