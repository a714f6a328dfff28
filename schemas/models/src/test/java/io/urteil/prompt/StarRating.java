package io.urteil.prompt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code Rating: 4 of 5 stars} at the end of the text; the example of extend/verdict-format.md. */
final class StarRating {

  private static final Pattern RATING = Pattern.compile("Rating: ([1-5]) of 5 stars\\.?$");

  private StarRating() {}

  static ParsedVerdict parse(String text) {
    Matcher rating = RATING.matcher(text.strip());
    return rating.find()
        ? new ParsedVerdict.Pointwise(Integer.parseInt(rating.group(1)), null)
        : ParsedVerdict.Unparseable.of(text, "Rating: n of 5 stars, at the end");
  }
}
