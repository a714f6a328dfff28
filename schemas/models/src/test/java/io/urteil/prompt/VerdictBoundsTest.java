package io.urteil.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text, of any length, is read in time in proportion to its length, without an exception. */
class VerdictBoundsTest {

  private static final int LENGTH = 100_000;
  private static final int LONGEST = 1_000_000;
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final List<String> ATOMS =
      List.of(
          " ",
          "\n",
          "\t ",
          "\u00a0",
          "a",
          "1",
          "9.",
          "\u0664",
          "\ud800",
          "*",
          "$",
          "`",
          ".",
          "{",
          "[",
          "[[",
          "]]",
          "<",
          "<answer>",
          "</answer>",
          "<think>",
          "</think>",
          "<think></think>",
          "<answer>[[A]]</answer>",
          "<score> 1 </score>",
          "<score_A>",
          "<Score 1>1</Score 1>",
          "[[A]] ",
          "[[A]][[B]]",
          "\\boxed{Assistant 1}",
          "Response (a) is better",
          "[RESULT] ",
          "Is the answer correct (Yes/No)? ",
          "{\"score\":",
          "[1,",
          "\"\\u0041",
          "\"a\":1,",
          "```",
          "\\)",
          "$$",
          "A",
          "yes ",
          "and ",
          ", ");
  private static final List<String> ENDS =
      List.of(
          "",
          "[[A]]",
          "yes",
          "</think>",
          "</answer>",
          "</think><answer>7,3</answer>",
          "{\"score\": 0.5}",
          "[RESULT] 4",
          "Response (a) is better.",
          "}",
          "]",
          "\"");

  @ParameterizedTest
  @EnumSource(VerdictFormat.class)
  void shouldReadRepeatedTextsInLinearTime(VerdictFormat format) {
    assertReads(format, "<think>" + " ".repeat(LONGEST));
    for (String atom : ATOMS) {
      for (String end : List.of("", "[[A]]", "</think> x")) {
        String text = "<think>" + atom.repeat(LENGTH / atom.length()) + end;
        assertReads(format, text);
        assertReads(format, text.substring("<think>".length()));
      }
    }
  }

  @Property(tries = 300)
  void shouldReadWhateverTheText(@ForAll long seed) {
    Random random = new Random(seed);
    String text = generated(random);
    for (VerdictFormat format : VerdictFormat.values()) {
      assertReads(format, text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"score\": 1e999999999}",
        "{\"score\": 1e-999999999}",
        "{\"score\": -1e2147483648}",
        "{\"score\": 0.00000000000000000000000000000000000000000000000000000000000000000000001e71}",
        "{\"score\": \u0661}",
        "{\"score\": 1e9999999999999999999999999999}",
        "{\"score\": NaN}"
      })
  void shouldReadNumbersOfAnySize(String text) {
    for (VerdictFormat format : VerdictFormat.values()) {
      assertThat(format.parse(text)).isNotNull();
    }
  }

  @Test
  void shouldReadDeepJson() {
    for (int depth : new int[] {999, 1_001, 500_000}) {
      assertThat(VerdictFormat.JSON_SCORE.parse("{\"score\":".repeat(depth))).isNotNull();
      assertThat(VerdictFormat.RULER_SCORES.parse("{\"scores\":" + "[".repeat(depth), 2))
          .isInstanceOf(ParsedVerdict.Unparseable.class);
    }
  }

  private static String generated(Random random) {
    StringBuilder text = new StringBuilder();
    for (int part = random.nextInt(4); part >= 0; part--) {
      String atom = ATOMS.get(random.nextInt(ATOMS.size()));
      text.append(atom.repeat(random.nextInt(1 << random.nextInt(14)) / atom.length() + 1));
    }
    return text.append(ENDS.get(random.nextInt(ENDS.size()))).toString();
  }

  private static void assertReads(VerdictFormat format, String text) {
    long start = System.nanoTime();
    ParsedVerdict verdict = format.parse(text);
    long took = System.nanoTime() - start;
    String place = format + " of " + text.substring(0, Math.min(40, text.length()));
    assertThat(verdict).as(place).isNotNull();
    assertThat(took).as(place).isLessThan(LONG.toNanos());
    if (verdict instanceof ParsedVerdict.Unparseable unparseable) {
      assertThat(unparseable.reason().length()).as(place).isLessThan(500);
    }
  }
}
