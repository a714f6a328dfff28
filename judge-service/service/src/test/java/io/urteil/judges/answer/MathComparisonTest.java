package io.urteil.judges.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MathComparisonTest {

  private static final String[] PIECES = {
    "\\frac",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\\{",
    "\\}",
    "\\sqrt",
    "^",
    "_",
    "|",
    ",",
    "=",
    "<",
    "\\cup",
    "\\pm",
    "\\sin",
    "\\log_",
    "\\binom",
    "!",
    "-",
    "+",
    "/",
    "*",
    "1",
    "23",
    "0.5",
    "1,000",
    "x",
    "y",
    "\\pi",
    "i",
    "e",
    "\\infty",
    "\\%",
    "\\text{ cm}",
    "\\begin{pmatrix}",
    "\\end{pmatrix}",
    "&",
    "\\\\",
    " ",
    "\\",
    "$",
    "and",
    "^\\circ",
    "99999999",
    "\\boxed{"
  };

  private final MathComparison math = new MathComparison();

  /** An answer, the reference, and whether they mean the same. */
  record Pair(String answer, String reference, boolean equal) {}

  static List<Pair> pairs() throws IOException {
    List<Pair> pairs = new ArrayList<>();
    for (String line : resource("math-pairs.tsv").split("\n")) {
      String[] cells = line.split("\t");
      if (cells.length == 3) {
        pairs.add(new Pair(cells[0], cells[1], cells[2].equals("1")));
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void shouldCompareByMeaning(Pair pair) {
    // When
    boolean equal = math.equal(pair.answer(), pair.reference());

    // Then
    assertThat(equal).isEqualTo(pair.equal());
  }

  @Test
  void shouldDecideAsMathVerifyDoesWhenAnswersVary() throws IOException {
    // Given
    JsonNode golden = new ObjectMapper().readTree(resource("math-answers.json"));

    // When
    List<String> others = new ArrayList<>();
    for (JsonNode pair : golden) {
      String answer = pair.path("answer").asText();
      String reference = pair.path("reference").asText();
      if (math.equal(answer, reference) != pair.path("equal").asBoolean()) {
        others.add("'%s' against '%s'".formatted(answer, reference));
      }
    }

    // Then
    assertThat(golden).hasSizeGreaterThan(200);
    assertThat(others).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(", "{", "\\frac{", "-", "|", "9^", "x^", "1,", "\\sqrt", "!", "1/", "\\{", "f(", "**"
      })
  void shouldComeToAnEndWhenTheAnswerIsLong(String piece) {
    // Given
    String answer = piece.repeat(2000 / piece.length());

    // When
    boolean equal = math.equal(answer, "5");

    // Then
    assertThat(equal).isFalse();
  }

  @Test
  void shouldNotReadAnAnswerLongerThanAnybodyMeans() {
    assertThat(math.canRead("1".repeat(2001))).isFalse();
  }

  @Property(tries = 3000)
  void shouldNeverThrowAndNeverEqualTwoNumbersWhenTheAnswerIsAnything(
      @ForAll("answers") String answer) {
    assertThat(math.equal(answer, "23.25") && math.equal(answer, "-7")).isFalse();
  }

  @Property
  void shouldTellFractionsApartAndKeepThemEqualToTheirMultiples(
      @ForAll @IntRange(min = -500, max = 500) int top,
      @ForAll @IntRange(min = 1, max = 500) int bottom,
      @ForAll @IntRange(min = 1, max = 9) int times) {
    String fraction = "\\frac{%d}{%d}".formatted(top, bottom);
    assertThat(math.equal("%d/%d".formatted(top * times, bottom * times), fraction)).isTrue();
    assertThat(math.equal("\\frac{%d}{%d}".formatted(top + 1, bottom), fraction)).isFalse();
  }

  @Property
  void shouldExpandAProductOfLinearFactors(
      @ForAll @IntRange(min = -9, max = 9) int a, @ForAll @IntRange(min = -9, max = 9) int b) {
    String product = "(x%+d)(x%+d)".formatted(a, b);
    assertThat(math.equal("x^2%+dx%+d".formatted(a + b, a * b), product)).isTrue();
    assertThat(math.equal("x^2%+dx%+d".formatted(a + b, a * b + 1), product)).isFalse();
  }

  @Provide
  Arbitrary<String> answers() {
    return Arbitraries.oneOf(Arbitraries.of(PIECES), Arbitraries.strings().ofMaxLength(2))
        .list()
        .ofMaxSize(10)
        .map(pieces -> pieces.stream().collect(Collectors.joining()));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = MathComparisonTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
