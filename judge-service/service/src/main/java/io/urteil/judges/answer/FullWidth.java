package io.urteil.judges.answer;

/** Full-width digits and signs, as East Asian text has them, in their usual width. */
final class FullWidth {

  private static final String SIGNS = "+-=(),.:;%/<>[]{}";
  private static final int DISTANCE = '\uff10' - '0';

  private FullWidth() {}

  /** The text with usual digits and signs; full-width letters stay. */
  static String narrowed(String text) {
    if (text.chars().noneMatch(FullWidth::isWide)) {
      return text;
    }
    StringBuilder narrow = new StringBuilder(text.length());
    text.chars().forEach(c -> narrow.append((char) (isWide(c) ? c - DISTANCE : c)));
    return narrow.toString();
  }

  private static boolean isWide(int c) {
    int usual = c - DISTANCE;
    return (usual >= '0' && usual <= '9') || (usual > 0 && SIGNS.indexOf(usual) >= 0);
  }
}
