package io.urteil.judges.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.run.judge.RuleJudge.Compare;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text is read and compared in time in proportion to its length, without an exception. */
class AnswerBoundsTest {

  private static final int LENGTH = 50_000;
  private static final int LONGEST = 500_000;
  private static final long MOST_READS = 100;
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final List<String> ATOMS =
      List.of(
          " ",
          "\n",
          "\t",
          "\u00a0",
          "\u2003",
          "a",
          "A",
          "ab ",
          "1",
          "1,",
          "1,111",
          "1 ",
          "1/",
          "1.",
          "-",
          "- ",
          "$",
          "$ ",
          "€",
          "%",
          "\u0661",
          "\ud800",
          "*",
          "* ",
          "`",
          "\"",
          "'",
          ".",
          "#",
          "####",
          "#### 1\n",
          "=",
          "= ",
          "answer is ",
          "answer is",
          "final answer",
          "\nA ",
          "\n*",
          "\nfinal ",
          "A:",
          "\\boxed{",
          "\\boxed",
          "\\boxed ",
          "\\boxed{}",
          "}",
          "{",
          "{}",
          "(",
          "()",
          "[",
          "\\frac{1}",
          "\\frac{",
          "\\frac",
          "\\frac {",
          "\\text{",
          "\\text",
          "\\sqrt",
          "2^",
          "x^",
          "^",
          "_",
          "!",
          "9!",
          "|",
          "x",
          "xy",
          "x+",
          "\\\\",
          "\\",
          ",",
          ", ",
          ";",
          "and ",
          "\\cup",
          "\\begin{matrix}",
          "&",
          "million ",
          "e9",
          "1e9",
          "1e999",
          "in ",
          "\\in",
          "<",
          "\\pm",
          "\\left",
          "+-");
  private static final List<String> LONG_ATOMS =
      List.of(
          " ",
          "\n",
          "\u00a0",
          "a",
          "1",
          "1,111",
          "- ",
          "$ ",
          "*",
          "####",
          "\nfinal ",
          "\\boxed ",
          "\\frac {",
          "{",
          "\"",
          ".");
  private static final List<String> ENDS = List.of("", "1", " 1", "x", "}", "!", "#### 2", "\n");

  @ParameterizedTest
  @EnumSource(Compare.class)
  void shouldReadRepeatedTextsInLinearTime(Compare compare) {
    AnswerComparison comparison = AnswerComparison.of(compare);
    for (String atom : LONG_ATOMS) {
      assertReads(comparison, "\\boxed{1" + atom.repeat(LENGTH / atom.length()) + "x");
    }
    assertReads(comparison, "1" + " ".repeat(LONGEST) + "2");
    assertReads(comparison, "\\boxed ".repeat(LONGEST / 7) + "{1");
  }

  /** A text that counts how often a pattern reads one of its characters, up to a limit. */
  private static final class CountedText implements CharSequence {
    private final String text;
    private long reads;

    CountedText(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++reads > MOST_READS * text.length()) {
        throw new AssertionError("read more than %d times".formatted(reads));
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Chains of groups of digits that are no number at their end, up to the longest text. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ",111",
        " 111",
        "\u00a0111",
        "1,111",
        "1 111",
        "/1,111",
        "\\frac{1,111",
        "-1,111",
        "$1,111",
        ".111",
        "1"
      })
  void shouldSearchTheLastNumberInLinearWork(String group) {
    for (String end : List.of("", "1", ",1", "/", " 1/", ".")) {
      long half = reads(group, LONGEST / 2, end);
      long all = reads(group, LONGEST, end);
      assertThat(all).as("%s, then %s", group, end).isLessThan(half * 5 / 2);
    }
  }

  private static long reads(String group, int length, String end) {
    CountedText text = new CountedText("1" + group.repeat(length / group.length()) + end);
    Quantity.lastIn(text);
    return text.reads;
  }

  @ParameterizedTest
  @EnumSource(Compare.class)
  void shouldReadNestedAndLongFormulas(Compare compare) {
    AnswerComparison comparison = AnswerComparison.of(compare);
    for (String atom : ATOMS) {
      for (int length : new int[] {399, 1_999, 2_001}) {
        assertReads(comparison, atom.repeat(length / atom.length()));
        assertReads(comparison, atom.repeat(length / atom.length()) + "1");
        assertReads(comparison, "(".repeat(length / 4) + atom + ")".repeat(length / 4));
        assertReads(comparison, "2" + "^{".repeat(length / 4) + atom + "}".repeat(length / 4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\\frac{1}1e999", "\\frac 1e9 2", "2^2^2^2 9!!!! -1!", "\\frac", "\\binom1"})
  void shouldReadFormulasThatWereErrors(String formula) {
    assertReads(AnswerComparison.of(Compare.MATH), formula);
  }

  /** The pattern takes the square of the length, so the texts are short. */
  @Property
  void shouldStripWhatThePatternStrips(@ForAll("wrapped") String text) {
    // Given
    Pattern wrapping = Pattern.compile("^[\"'`*$\\s]+|[\"'`*$.\\s]+$");
    TextComparison comparison = new TextComparison();

    // When
    String plain =
        wrapping.matcher(text).replaceAll("").replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);

    // Then
    assertThat(TextComparison.plain(text)).isEqualTo(plain);
    assertThat(comparison.canRead(text)).isEqualTo(!plain.isEmpty());
  }

  @Provide
  Arbitrary<String> wrapped() {
    return Arbitraries.strings()
        .withChars("\"'`*$. \t\n\r\u000b\f\u0085\u00a0\u2028aB1")
        .ofMaxLength(12);
  }

  @Property(tries = 500)
  void shouldReadWhateverTheText(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int part = random.nextInt(6); part >= 0; part--) {
      String atom = ATOMS.get(random.nextInt(ATOMS.size()));
      text.append(atom.repeat(random.nextInt(1 << random.nextInt(11)) / atom.length() + 1));
    }
    text.append(ENDS.get(random.nextInt(ENDS.size())));
    for (Compare compare : Compare.values()) {
      assertReads(AnswerComparison.of(compare), text.toString());
    }
  }

  private static void assertReads(AnswerComparison comparison, String text) {
    long start = System.nanoTime();
    Optional<String> answer = comparison.answer(text, false);
    Optional<String> expected = comparison.expected(text);
    boolean readable = comparison.canRead(text);
    if (readable) {
      comparison.equal(text, "1");
      comparison.equal("1,000", text);
      comparison.equal(answer.orElse(""), expected.orElse(""));
    }
    long took = System.nanoTime() - start;
    String place = comparison.name() + " of " + text.substring(0, Math.min(40, text.length()));
    assertThat(took).as(place).isLessThan(LONG.toNanos());
  }
}
