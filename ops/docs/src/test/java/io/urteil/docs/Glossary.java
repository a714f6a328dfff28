package io.urteil.docs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terms and the retired words of {@code ops/docs/glossary.md}. */
final class Glossary {

  static final String PAGE = "ops/docs/glossary.md";
  static final String RETIRED = "Retired words";

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private Glossary() {}

  /** The code spans in a column of the term tables: types, topics and run-file keys. */
  static List<String> namesInCode() throws IOException {
    DocumentationPage page = DocumentationPage.read(PAGE);
    List<String> names = new ArrayList<>();
    for (String section : page.headings(2)) {
      if (!section.equals(RETIRED)) {
        page.table(section).column(2).forEach(cell -> names.addAll(code(cell)));
      }
    }
    return names;
  }

  /** The retired words and phrases, as written in the glossary. */
  static List<String> retired() throws IOException {
    List<String> words = new ArrayList<>();
    DocumentationPage.read(PAGE).table(RETIRED).column(0).forEach(cell -> words.addAll(code(cell)));
    return words;
  }

  /** Matches any of these words or phrases, across line ends, but not inside a longer word. */
  static Pattern anyOf(List<String> words) {
    List<String> alternatives =
        words.stream()
            .map(
                word ->
                    String.join(
                        "\\s+", List.of(word.split(" ", -1)).stream().map(Pattern::quote).toList()))
            .toList();
    return Pattern.compile(
        "(?<![\\w-])(?:" + String.join("|", alternatives) + ")(?![\\w-])",
        Pattern.CASE_INSENSITIVE);
  }

  private static List<String> code(String cell) {
    Matcher matcher = CODE.matcher(cell);
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
