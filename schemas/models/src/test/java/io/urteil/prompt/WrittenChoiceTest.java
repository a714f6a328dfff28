package io.urteil.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenChoiceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "answer-correct | 'Is the answer correct (Yes/No)? Hm. Is the answer correct (Yes/No)? No.' | No",
        "answer-correct | 'Is the answer correct (Yes/No)?\n\nYes' | Yes",
        "j1-verdict | 'first [[A]] it seemed</think> <answer> [[B]] </answer>' | B",
        "bracketed | 'Criteria: … so [[A]]' | A",
        "rubrics-answer | '<eval>…</eval><answer>[[B]]</answer>' | B",
        "boxed-assistant | 'Assistant 1 errs</think> \\boxed{Assistant 2}' | 2",
        "boxed-assistant | 'x</think> \\boxed{\\text{Assistant 1}}' | 1",
        "thinkj-verdict | 'Therefore, Response (b) is better.' | b",
        "result-letter | 'Feedback: fine. [RESULT] A' | A",
      })
  void shouldFindTheChoiceThatTheParserReads(String format, String text, String choice) {
    // Given
    VerdictFormat read = VerdictFormat.named(format);
    WrittenChoice written = read.writtenChoice().orElseThrow();

    // When
    OptionalInt place = written.position(text);

    // Then
    assertThat(text.substring(place.orElseThrow())).startsWith(choice);
    boolean first = written.choices().indexOf(choice) == 0;
    assertThat(read.parse(text)).isEqualTo(plain(read, first));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "answer-correct | 'Is the answer correct (Yes/No)? Perhaps'",
        "answer-correct | 'Yes'",
        "answer-correct | 'Is the answer correct (Yes/No)?'",
        "bracketed | '[[C]]'",
        "result-letter | '[RESULT] 4'",
      })
  void shouldFindNothingWhereNoChoiceIsMade(String format, String text) {
    assertThat(VerdictFormat.named(format).writtenChoice().orElseThrow().position(text)).isEmpty();
  }

  @Property
  void shouldFindAPlaceWheneverTheParserReadsAVerdict(
      @ForAll("formats") VerdictFormat format, @ForAll("texts") String text) {
    WrittenChoice written = format.writtenChoice().orElseThrow();
    OptionalInt place = written.position(text);
    if (format.parse(text) instanceof ParsedVerdict.Read read) {
      String behind = text.substring(place.orElseThrow());
      boolean first = behind.startsWith(written.choices().getFirst());
      assertThat(read).isEqualTo(plain(format, first));
    }
  }

  @Test
  void shouldRefuseOneChoiceAndNoCue() {
    assertThatThrownBy(() -> new WrittenChoice("[[", List.of("A")))
        .hasMessage(
            "written choice: cue '[[', choices [A] (expected: a text and at least two choices)");
    assertThatThrownBy(() -> new WrittenChoice(" ", List.of("A", "B")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<VerdictFormat> formats() {
    return Arbitraries.of(
        Arrays.stream(VerdictFormat.values())
            .filter(format -> format.writtenChoice().isPresent())
            .toList());
  }

  /** Texts of the pieces that verdicts are made of. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "</think>",
            "<think>",
            "<answer>",
            "</answer>",
            "[[A]]",
            "[[B]]",
            "[[C]]",
            "\\boxed{Assistant 1}",
            "\\boxed{\\text{Assistant 2}}",
            "Response (a) is better",
            "Response (b) is better.",
            "Is the answer correct (Yes/No)? Yes",
            "Is the answer correct (Yes/No)?\n No.",
            "[RESULT] A",
            "[RESULT] (B)",
            " ",
            "so")
        .list()
        .ofMaxSize(5)
        .map(pieces -> String.join("", pieces));
  }

  /** What a text says that makes its choice in words. */
  private static ParsedVerdict plain(VerdictFormat format, boolean first) {
    return format.mode() == JudgeMode.PAIRWISE
        ? ParsedVerdict.Pairwise.of(first ? Preference.A : Preference.B)
        : new ParsedVerdict.Pointwise(first ? 1 : 0, first ? "yes" : "no");
  }
}
