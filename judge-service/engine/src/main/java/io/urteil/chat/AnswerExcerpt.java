package io.urteil.chat;

/**
 * The only way in which the answer of a server reaches a message: at most 200 characters, without
 * control and formatting characters. The answer of a server whose URL a run file defines is not
 * shown at all, so that a run file cannot read what only a worker's network reaches.
 */
public final class AnswerExcerpt {

  private static final int MAX_LENGTH = 200;
  private static final String NOT_SHOWN = "(answer not shown: the URL is from a run file)";

  private AnswerExcerpt() {}

  /** An excerpt of this server's answer, for a message. */
  public static String of(RemoteServer server, String answer) {
    return server.quoted() ? cleaned(answer) : NOT_SHOWN;
  }

  /** The start of a text, on one line. */
  public static String cleaned(String text) {
    StringBuilder clean = new StringBuilder();
    int length = 0;
    int at = 0;
    while (at < text.length() && length < MAX_LENGTH) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      clean.appendCodePoint(isShown(character) ? character : ' ');
      length++;
    }
    return at < text.length() ? clean.append('…').toString() : clean.toString();
  }

  private static boolean isShown(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
