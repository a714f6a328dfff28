package io.urteil.prompt.sentence;

import java.util.regex.Pattern;

/**
 * Sentences of politeness behind an answer or a verdict, such as "Let me know if you have any
 * questions." Their "if" is no condition of what stands before them.
 */
public final class Courtesy {

  private static final String OFFER =
      "(?:any|more|further|other|additional|some|a|an|the|to|with|on|about|of|me|this|it|anything|else"
          + "|questions?|help|details?|explanations?|clarifications?|assistance|information|steps?"
          + "|explain|elaborate|clarify|know|see|and|or)";

  private static final Pattern SENTENCE =
      Pattern.compile(
          "(?<![\\p{L}])(?:please )?(?:let me know|(?:feel free|do(?:n['\u2019]t| not) hesitate) to (?:ask|reach out))"
              + "(?:,? (?:if|should|whether) (?:you (?:have|need|want|would like|like)|anything is unclear)(?: "
              + OFFER
              + "){0,12})?[.!]?(?=\\s|\\z)",
          Pattern.CASE_INSENSITIVE);

  private Courtesy() {}

  /** The words without such sentences. */
  public static String without(String words) {
    return SENTENCE.matcher(words).replaceAll("");
  }
}
