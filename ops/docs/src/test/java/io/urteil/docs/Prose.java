package io.urteil.docs;

import java.util.regex.Pattern;

/**
 * The prose of a file, at the same positions as in the file: every character that is code is
 * replaced by a blank. Line ends stay, so that a finding has its line number.
 */
final class Prose {

  private static final Pattern FENCED = Pattern.compile("```.*?```", Pattern.DOTALL);
  private static final Pattern CODE_SPAN = Pattern.compile("`[^`\\n]*(?:\\n[^`\\n]*)?`");
  private static final Pattern LINK_TARGET = Pattern.compile("\\]\\([^)]*\\)");
  private static final Pattern JAVADOC_TAG =
      Pattern.compile("\\{@(?:code|link|linkplain|value)\\b[^}]*}|@param\\s+\\S+");
  private static final Pattern COMMENT_MARGIN = Pattern.compile("(?m)^\\s*\\*");

  private Prose() {}

  /** A page without fenced code, code spans and link targets. */
  static String ofMarkdown(String page) {
    return blank(blank(blank(page, FENCED), CODE_SPAN), LINK_TARGET);
  }

  /**
   * The comments and string literals of a Java source, without inline code and parameter names in
   * Javadoc.
   */
  static String ofJava(String source) {
    StringBuilder prose = new StringBuilder(source.replaceAll("[^\\n]", " "));
    int at = 0;
    while (at < source.length()) {
      if (source.startsWith("//", at)) {
        at = copy(source, prose, at + 2, end(source, "\n", at));
      } else if (source.startsWith("/*", at)) {
        at = copy(source, prose, at + 2, end(source, "*/", at + 2)) + 2;
      } else if (source.startsWith("\"\"\"", at)) {
        at = copy(source, prose, at + 3, endOfLiteral(source, "\"\"\"", at + 3)) + 3;
      } else if (source.charAt(at) == '"') {
        at = copy(source, prose, at + 1, endOfLiteral(source, "\"", at + 1)) + 1;
      } else if (source.charAt(at) == '\'') {
        at = endOfLiteral(source, "'", at + 1) + 1;
      } else {
        at++;
      }
    }
    return blank(blank(prose.toString(), COMMENT_MARGIN), JAVADOC_TAG);
  }

  private static int copy(String source, StringBuilder prose, int from, int to) {
    prose.replace(from, to, source.substring(from, to));
    return to;
  }

  private static int end(String source, String mark, int from) {
    int found = source.indexOf(mark, from);
    return found < 0 ? source.length() : found;
  }

  private static int endOfLiteral(String source, String mark, int from) {
    int at = from;
    while (at < source.length() && !source.startsWith(mark, at)) {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at, source.length());
  }

  private static String blank(String text, Pattern code) {
    return code.matcher(text).replaceAll(found -> found.group().replaceAll("[^\\n]", " "));
  }
}
