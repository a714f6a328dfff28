package io.urteil.prompt.sentence;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether the sentence that leads to a verdict denies it, leaves it open or quotes it: "the winner
 * is not", "neither", "I doubt that", "if", "the candidate writes". Such a verdict is none. A
 * sentence with one of these words is refused even where it is meant as a verdict, because a false
 * verdict costs more than a refused one.
 */
public final class Doubt {

  /** A sentence is at most this long; what stands before it is another one. */
  private static final int LONGEST = 400;

  private static final String NEGATIONS =
      "no|not|nor|neither|never|none|nobody|nothing|cannot|without|hardly|scarcely|barely|unable"
          + "|\\w{1,12}n['\u2019]t|dont|doesnt|isnt|wont|cant|fail\\w*|refus\\w*|reject\\w*|den(?:y|ies|ied)"
          + "|disagree\\w*|dismiss\\w*|retract\\w*|withdraw\\w*|oppos\\w*|against|avoid\\w*|far from"
          + "|anything (?:but|other than)|unlikely|improbable|inconceivable|unthinkable"
          + "|nicht|kein\\w*|weder|nie|niemals|keineswegs|ne|pas|ni|jamais|aucun\\w*|nunca|ning[u\u00fa]n\\w*|tampoco";

  private static final String OPEN =
      "if|unless|whether|either|or|might|may|maybe|perhaps|possibly|could|doubt\\w*|unsure|unclear"
          + "|uncertain\\w*|undecided|questionable|wonder\\w*|hypothetical\\w*|suppos\\w*|assume|assuming"
          + "|provided|otherwise|depend\\w*|were it|had it|should it|would be|would have|until|almost"
          + "|nearly|instead of|rather than|except|lest|pretend\\w*|imagin\\w*|falls? short"
          + "|(?:hard|difficult) to \\w+|impossible|hesita\\w*|reluctant\\w*|far be it|condition that"
          + "|(?:ignoring|disregarding|overlooking)|(?:setting|leaving|putting) aside|apart from"
          + "|(?<!\\bi )would (?:say|write|choose|pick|answer|conclude|vote|go)|impossible|tempt\\w*|about to|used to|in case|on condition|were (?:i|one|we|it|they|this|that|the|both)|had (?:\\w{1,12} ){1,4}been"
          + "|wenn|ob|falls|oder|vielleicht|si|ou|peut-\u00eatre|quiz[a\u00e1]s?";

  private static final String WRONG =
      "wrong\\w*|incorrect\\w*|false\\w*|mistak\\w*|untrue|misguided|unfair|unjustified|error to|lie"
          + "|misread\\w*|erroneous\\w*|absurd|ridiculous";

  private static final String QUOTING =
      "quot\\w*|says|claim(?:s|ed|ing)?|wrote|writes|written|asserts?|asserted|insist\\w*|smuggl\\w*"
          + "|tries|tried|trying|attempts? to|attempted|inject\\w*|demand(?:s|ed|ing)|begs?|begged"
          + "|ends with|closes with|ends in|placeholder|another (?:judge|reviewer|grader)|some would"
          + "|told|tells|wants|wanted|hop(?:es|ed|ing)|wish\\w*|urg(?:es?|ed|ing)|e\\.g|for instance|such as";

  /** Names of the candidate that loses, directly before a verdict: "the worse response is". */
  private static final Pattern LOSER =
      Pattern.compile(
          "(?:(?:\u8f83\u5dee|\u66f4\u5dee|\u6700\u5dee)(?:\u7684)?(?:\u56de\u7b54|\u7b54\u6848|\u4e00\u4e2a|\u662f|\u4e3a|[:\uff1a\\s]){0,5}|(?<![\\p{L}])(?:worse|worst|weaker|weakest|poorer|inferior|losing|loser|second[- ]best|second place|runner-up"
              + "|less \\w{1,15}|least \\w{1,15})"
              + "(?: (?:one|answer|response|candidate|assistant|option|choice|of the two))?"
              + "(?: (?:is|was|would be|seems to be|here|clearly|obviously|therefore|thus|goes to)){0,3}[:,]?\\s*[\"'\u201c(]?\\s*)\\z",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** Words that quote or exclude only what follows them directly. */
  private static final Pattern NEAR =
      Pattern.compile(
          "(?<![\\p{L}])(?:said|saying|say that|stated|stating|states|verdict of|contains?|containing"
              + "|includes?|including|reads?|reading|format|example|output|outputs|print|prints"
              + "|template|instructs?|asks?(?: for)?|asked(?: for)?|suggests?|suggested|argues?"
              + "|requests?|requested|typed?|types|typing|append(?:s|ed)|enters|entered|people|they|others?|exclud\\w*|eliminat\\w*|rul(?:e|es|ed|ing) out"
              + "|disqualif\\w*|veto\\w*|overrul\\w*|refrain\\w*|declin\\w*|abstain\\w*"
              + "|(?:opposite|reverse) of|least likely)(?: \\w{1,12}){0,3}[:,]?\\s*[\"'\u201c]?\\s*\\z",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern WORDS =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}])(?:"
              + NEGATIONS
              + "|"
              + OPEN
              + "|"
              + WRONG
              + "|"
              + QUOTING
              + ")(?![\\p{L}\\p{N}])",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern OPENING =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}])(?:" + OPEN + ")(?![\\p{L}\\p{N}])",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final List<String> CHINESE =
      List.of(
          "不", "非", "没", "沒", "无", "無", "未", "如果", "假如", "除非", "倘若", "是否", "若", "否", "或", "也许",
          "可能", "怀疑", "错", "声称", "写道", "难", "難", "要么", "假设", "只要", "忽略");

  /** Ends of sentences; a full stop only before white space, so that 7.5 and e.g. stay whole. */
  private static final String ENDS = "!?\n\u3002\uff01\uff1f";

  private static final String OPENING_QUOTES = "\"\u201c\u2018\u300c\u300e\u00ab";
  private static final String CLOSING_QUOTES = "\"\u201d\u2019\u300d\u300f\u00bb'";

  private Doubt() {}

  /** Whether the end of a text, up to a verdict behind it, makes the verdict doubtful. */
  public static boolean before(String text) {
    return casts(sentence(text));
  }

  /** Whether these words deny a verdict, leave it open or quote it. */
  public static boolean casts(String words) {
    String meant = Courtesy.without(words);
    return WORDS.matcher(meant).find()
        || NEAR.matcher(words).find()
        || LOSER.matcher(words).find()
        || CHINESE.stream().anyMatch(words::contains);
  }

  /** Whether these words leave a verdict open; a negation may be its reason. */
  public static boolean leavesOpen(String words) {
    return OPENING.matcher(words).find();
  }

  /**
   * Whether a verdict is in a quotation that holds more than the verdict, or in a quoted line.
   *
   * @param before what stands before the verdict
   * @param behind what stands behind it
   */
  public static boolean quotes(String before, String behind) {
    String line = before.substring(before.lastIndexOf('\n') + 1);
    if (line.stripLeading().startsWith(">")) {
      return true;
    }
    String paragraph = line.length() > LONGEST ? line.substring(line.length() - LONGEST) : line;
    boolean wrapped = endsWithQuote(paragraph);
    String outside = wrapped ? withoutQuote(paragraph) : paragraph;
    boolean closes = behind.chars().anyMatch(c -> CLOSING_QUOTES.indexOf(c) >= 0);
    return isOpen(outside) || (closes && !wrapped);
  }

  private static boolean endsWithQuote(String text) {
    String end = text.stripTrailing();
    return !end.isEmpty() && (OPENING_QUOTES + "'").indexOf(end.charAt(end.length() - 1)) >= 0;
  }

  private static String withoutQuote(String text) {
    String end = text.stripTrailing();
    return end.substring(0, end.length() - 1);
  }

  /** Whether a quotation is open at the end. */
  private static boolean isOpen(String text) {
    long straight = text.chars().filter(c -> c == '"').count();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += "\u201c\u300c\u300e\u00ab".indexOf(c) >= 0 ? 1 : 0;
      depth -= "\u201d\u300d\u300f\u00bb".indexOf(c) >= 0 && depth > 0 ? 1 : 0;
    }
    return straight % 2 == 1 || depth > 0;
  }

  private static String sentence(String text) {
    String near = text.length() > LONGEST ? text.substring(text.length() - LONGEST) : text;
    // Marks at the very end belong to the verdict: "Is it correct (Yes/No)?", "Verdict.\n".
    int end = near.length();
    while (end > 0 && (Marks.isSpace(near.charAt(end - 1)) || near.charAt(end - 1) == ':')) {
      end--;
    }
    int begin = 0;
    for (int i = end - 1; i >= 0 && begin == 0; i--) {
      char c = near.charAt(i);
      boolean stop = c == '.' && i + 1 < near.length() && Marks.isSpace(near.charAt(i + 1));
      if (ENDS.indexOf(c) >= 0 || stop) {
        begin = i + 1;
      }
    }
    return near.substring(begin);
  }
}
