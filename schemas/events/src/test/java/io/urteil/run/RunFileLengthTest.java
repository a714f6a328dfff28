package io.urteil.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.TestEvents;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Run files of any length: from a topic they reach every component. */
class RunFileLengthTest {

  private static final int MAX = RunFileReader.MAX_CHARACTERS;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Test
  void shouldReadALongRunFileWithAComment() {
    String text = TestEvents.RUN_FILE + "# " + "x".repeat(MAX - TestEvents.RUN_FILE.length() - 2);

    assertThat(RunFileReader.read("run", text).text()).hasSize(MAX);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 18, 1_000_000, 5_000_000})
  void shouldRejectALongerOneWithoutReadingIt(int length) {
    // Given
    String text = TestEvents.RUN_FILE + "x".repeat(length);

    // When
    long begin = System.nanoTime();

    // Then
    assertThatThrownBy(() -> RunFileReader.read("run", text))
        .isInstanceOf(RunFileException.class)
        .hasMessageContaining(
            "(the file): %d characters (expected: at most 262144)".formatted(text.length()));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT);
  }

  @Property(tries = 60)
  void shouldReadOrRejectAnyTextOfTheLargestLengthInTime(@ForAll("texts") String text) {
    // When
    long begin = System.nanoTime();
    try {
      RunFileReader.read("run", text);
    } catch (RunFileException e) {
      // Then
      assertThat(e).hasMessageContaining("run");
    }

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT);
  }

  /** A piece, repeated up to the largest length, behind a part of a run file. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "x",
            "é",
            "😀",
            " ",
            "\n",
            "\t",
            "[",
            "{",
            "{a: ",
            "- ",
            "? ",
            "&a ",
            "*a ",
            "!t ",
            "#",
            "'",
            "''",
            "\"",
            "\\n",
            "a: b\n",
            "a:\n ",
            "- - ",
            "|\n ",
            ">\n ",
            "...\n",
            "---\n",
            "%Y\n",
            "[a, ",
            "x: [",
            "\u0085",
            "\u2028",
            "\0",
            "1",
            "-",
            ":",
            ",",
            "0x",
            "é: é\n",
            "\"\\u00e9");
    Arbitrary<Integer> cuts = Arbitraries.integers().between(0, TestEvents.RUN_FILE.length());
    return Combinators.combine(cuts, pieces, pieces, Arbitraries.longs())
        .as(
            (cut, first, second, seed) -> {
              Random random = new Random(seed);
              boolean mixed = random.nextBoolean();
              StringBuilder text = new StringBuilder(TestEvents.RUN_FILE.substring(0, cut));
              while (text.length() + 8 < MAX) {
                text.append(mixed && random.nextInt(10) == 0 ? second : first);
              }
              return text.toString();
            });
  }
}
