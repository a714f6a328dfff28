package io.urteil.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextColumnsTest {

  @Test
  void shouldSetBlocksBesideEachOtherFromTheSameLineOn() {
    // When
    List<String> lines =
        new TextColumns(75)
            .lines(
                List.of("one", "two"),
                List.of(List.of("a\nb", "c"), List.of("  judge    " + "word ".repeat(8), "d")));

    // Then
    assertThat(lines)
        .containsExactly(
            "one                                  | two",
            "-".repeat(37) + "+" + "-".repeat(37),
            "a                                    |   judge    word word word word word",
            "b                                    |            word word word",
            "c                                    | d");
  }

  @Test
  void shouldSetTextsBelowEachOtherOnANarrowTerminal() {
    // When
    List<String> lines =
        new TextColumns(40).lines(List.of("one", "two"), List.of(List.of("a"), List.of("b", "c")));

    // Then
    assertThat(lines).containsExactly("one", "---", "a", "", "two", "---", "b", "c");
  }

  @Test
  void shouldCountWideCharactersTwiceAndReplaceControlCharacters() {
    assertThat(TextColumns.wrapped("判决结果", 6)).containsExactly("判决结", "果");
    assertThat(TextColumns.wrapped("a\tb\u001b[31mc", 20)).containsExactly("a b [31mc");
  }

  @Property
  void shouldKeepEverythingExceptWhiteSpaceOfAnyText(
      @ForAll String text, @ForAll @IntRange(min = 20, max = 50) int column) {
    // When
    List<String> lines = TextColumns.wrapped(text, column);

    // Then
    assertThat(lines).allMatch(line -> TextColumns.width(line) <= column);
    assertThat(letters(String.join("", lines))).isEqualTo(letters(text));
  }

  private static String letters(String text) {
    return text.codePoints()
        .filter(point -> !Character.isWhitespace(point) && !Character.isISOControl(point))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
