package io.urteil.prompt;

/** Shortens a text to its end, where the verdict is, for a message. */
final class Excerpt {

  private static final int CHARACTERS = 60;

  private Excerpt() {}

  static String of(String text) {
    String shown = text.length() <= CHARACTERS ? text : "…" + text.substring(from(text));
    return "'" + shown.replace("\n", "\\n") + "'";
  }

  private static int from(String text) {
    int from = text.length() - CHARACTERS;
    return Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
  }
}
