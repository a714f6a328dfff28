package io.urteil.prompt.sentence;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words directly before a verdict on its line. Words that introduce a verdict are known: "so",
 * "the winner is", "I choose". After any other word the verdict may be anything: "at first glance
 * [[A]]", "please respond with [[A]]". A list of the words that introduce is complete enough; a
 * list of those that do not can never be.
 */
public final class Lead {

  private static final int LONGEST = 200;

  private static final Pattern INTRODUCTION =
      Pattern.compile(
          "(?<![\\p{L}])(?:(?:based on|after) (?![^,]{0,60}\\b(?:only|just|purely|alone)\\b)[^,.;]{1,60},"
              + "|so|thus|hence|then|therefore|consequently|accordingly|finally|ultimately|overall"
              + "|all in all|altogether|on balance|clearly|in (?:conclusion|summary|short|sum|total|the end|my opinion|my view)"
              + "|to (?:conclude|sum up)|is|be|are|the|final|my|better|best|stronger|winning|preferred"
              + "|verdict|decision|conclusion|answer|winner|choice|judge?ment|result|preference|option|response"
              + "|assistant|candidate|solution|output|evaluation|rating|score|scores|strength"
              + "|conclude|choose|chose|pick|select|prefer|favou?r|vote|say|state|declare|deem|judge|decide|think"
              + "|believe|find|feel|rate|give|assign|award|gets?|deserves?|earns?|write|output|answer|call it|that|and|as"
              + "|(?:vote|choice|decision|verdict|preference|opt|decide|am|is|it|call it|goes|award) (?:for|to|on)"
              + "|(?:go|going|goes|side|sides|lies) (?:with|to|for)|it to|to be)"
              + "[\\s,;*_`\"'\u201c\u2018($]*+\\z",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** Words that draw a conclusion from those before them. */
  private static final Pattern CONCLUSION =
      Pattern.compile(
          "(?<![\\p{L}])(?:so|thus|hence|then|therefore|consequently|accordingly|finally|ultimately"
              + "|overall|all in all|altogether|on balance|in (?:conclusion|summary|total|the end)"
              + "|to (?:conclude|sum up))[\\s,;*_`\"'\u201c\u2018($]*+\\z",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern WORD_AT_END =
      Pattern.compile("\\p{IsLatin}[\\s,;*_`\"'\u201c\u2018($]*+\\z");

  private Lead() {}

  /** Whether a verdict behind this text has a line of its own, or an introduction. */
  public static boolean introduces(String before) {
    String line = lineOf(before);
    Matcher word = WORD_AT_END.matcher(line);
    return !word.find() || INTRODUCTION.matcher(line).find();
  }

  /** Whether a verdict behind this text is a conclusion: "but overall, Response (b) is better". */
  public static boolean concludes(String before) {
    return CONCLUSION.matcher(lineOf(before)).find();
  }

  private static String lineOf(String before) {
    String near = before.substring(Math.max(0, before.length() - LONGEST));
    return near.substring(near.lastIndexOf('\n') + 1);
  }
}
