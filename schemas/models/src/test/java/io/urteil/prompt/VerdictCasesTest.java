package io.urteil.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.ParsedVerdict.Pointwise;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Texts of judges with the verdict that a person reads in them, and doubt put into good ones. */
class VerdictCasesTest {

  /** The verdict that must be read: A, B, TIE, ABSTAIN, scores or unparseable. */
  record Case(String kind, String format, String text, String right) {

    String read() {
      return spelled(VerdictFormat.named(format).parse(text));
    }

    boolean agrees() {
      return read().equals(right);
    }
  }

  /** A text in good form, in two parts between which doubt may stand, and the verdict. */
  private record Good(String format, String before, String verdict, String right) {}

  private static final List<Good> GOOD =
      List.of(
          new Good("bracketed", "It is better. ", "[[A]]", "A"),
          new Good("bracketed", "Final verdict: ", "**[[B]]**", "B"),
          new Good("bracketed-tie", "So I say ", "[[C]]", "TIE"),
          new Good("thinkj-verdict", "Therefore, ", "Response (b) is better.", "B"),
          new Good(
              "thinkj-strength",
              "Thus ",
              "Response (a) is better, and the strength is [[2]].",
              "A"),
          new Good(
              "boxed-assistant", "<think>x</think>The winner is ", "\\boxed{Assistant 2}", "B"),
          new Good("rubrics-answer", "<eval>e</eval> So ", "<answer>[[A]]</answer>", "A"),
          new Good("j1-verdict", "<think>x</think>I choose ", "<answer>[[B]]</answer>", "B"),
          new Good("j1-score", "<think>x</think>It gets ", "<score>7</score>", "7"),
          new Good(
              "j1-scores",
              "<think>x</think>Scores: ",
              "<score_A>7</score_A><score_B>3</score_B>",
              "7,3"),
          new Good("thinkj-score", "The score is ", "<Score>80</Score>.", "80"),
          new Good("answer-correct", "Checked: ", "Is the answer correct (Yes/No)? Yes", "1"),
          new Good("result-score", "Feedback: Clear. ", "[RESULT] 4", "4"),
          new Good("result-letter", "Feedback: Clear. ", "[RESULT] B", "B"),
          new Good("json-score", "The verdict: ", "{\"score\": 0.4}", "0.4"),
          new Good("json-verdict", "The verdict: ", "{\"verdict\": \"A\"}", "A"));

  private static final List<String> DOUBTS =
      List.of(
          "it is not ",
          "I would never say ",
          "I do not think that ",
          "I don't believe ",
          "I cannot write ",
          "neither this nor ",
          "I doubt that ",
          "nobody can tell whether ",
          "it would be wrong to answer ",
          "if I were forced to choose, ",
          "unless the other is better, ",
          "whether it is ",
          "it might be ",
          "the candidate writes ",
          "one answer claims that ",
          "it tries to smuggle in ",
          "the text says ",
          "either that or ",
          "the user insists on ",
          "it is false that ",
          "> ",
          "the answer ends with \"",
          "the candidate: \u201cjudge, write ",
          "es ist nicht ",
          "auf keinen Fall ",
          "weder das noch ",
          "wenn es um Kürze geht, ",
          "ce n'est pas ",
          "aucun doute que jamais ",
          "peut-être ",
          "nunca ",
          "ninguno, ni siquiera ",
          "quizás ",
          "it is unlikely that ",
          "in case of doubt, ",
          "\u6211\u4e0d\u8ba4\u4e3a ",
          "\u5982\u679c ");

  /** Doubts about what follows them directly. */
  private static final List<String> DIRECT_DOUBTS =
      List.of(
          "the worse one is ",
          "the loser: ",
          "one can rule out ",
          "I refrain from writing ",
          "the opposite of ",
          "the template says to print ",
          "更差的是");

  static List<Case> cases() throws IOException {
    try (InputStream in = VerdictCasesTest.class.getResourceAsStream("verdict-cases.jsonl")) {
      assertThat(in).isNotNull();
      try (MappingIterator<Case> lines = new ObjectMapper().readerFor(Case.class).readValues(in)) {
        return lines.readAll();
      }
    }
  }

  @Test
  void shouldReadEveryCaseAsAPersonDoes() throws IOException {
    // Given
    List<Case> cases = cases();

    // When
    List<String> others =
        cases.stream()
            .filter(one -> !one.agrees())
            .map(one -> one + " read as " + one.read())
            .toList();

    // Then
    assertThat(cases).hasSizeGreaterThan(40);
    assertThat(others).isEmpty();
  }

  /** The cases of a folder {@code verdicts}; none are in this source tree. */
  @Test
  void shouldReadTheCasesOfAFolderAsAPersonDoes() throws IOException {
    // Given
    List<JsonNode> lines = CaseFolder.lines("verdicts");

    // When
    List<Case> cases =
        lines.stream()
            .map(
                line ->
                    new Case(
                        line.path("kind").asText(),
                        line.path("format").asText(),
                        line.path("text").asText(),
                        // Some say what is misread today: "unparseable, or the other one".
                        line.path("right").asText().replaceFirst("(?<=unparseable),.*", "")))
            .toList();

    // Then
    assertThat(cases).isNotEmpty();
    assertThat(cases)
        .filteredOn(one -> !one.agrees())
        .map(one -> one + " read as " + one.read())
        .isEmpty();
  }

  @Test
  void shouldReadEveryTextInGoodFormBeforeDoubtIsPutIn() {
    for (Good good : GOOD) {
      String text = good.before() + good.verdict();
      assertThat(spelled(VerdictFormat.named(good.format()).parse(text)))
          .as(text)
          .isEqualTo(good.right());
    }
  }

  @Test
  void shouldNeverReadAVerdictThatIsDeniedQuotedOrConditional() {
    for (Good good : GOOD) {
      for (String doubt : Stream.concat(DOUBTS.stream(), DIRECT_DOUBTS.stream()).toList()) {
        String text = doubted(good, doubt);
        assertThat(VerdictFormat.named(good.format()).parse(text))
            .as(good.format() + ": " + text)
            .isInstanceOf(ParsedVerdict.Unparseable.class);
      }
    }
  }

  /** Several doubts, in capitals, with emphasis, or with other words between. */
  @Property(tries = 2000)
  void shouldNotReadAVerdictWhateverTheDoubtLooksLike(@ForAll long seed) {
    Random random = new Random(seed);
    Good good = GOOD.get(random.nextInt(GOOD.size()));
    String doubt = DOUBTS.get(random.nextInt(DOUBTS.size()));
    boolean word = Character.isLetter(doubt.charAt(0)) && doubt.charAt(0) < 128;
    StringBuilder text = new StringBuilder();
    text.append(word && random.nextBoolean() ? doubt.toUpperCase(java.util.Locale.ROOT) : doubt);
    if (word && random.nextBoolean()) {
      text.insert(0, "**").append("** ");
    }
    if (random.nextBoolean()
        && word
        && !doubt.endsWith("\"")
        && !good.format().startsWith("result")) {
      text.append("after all of this ");
    }
    ParsedVerdict verdict =
        VerdictFormat.named(good.format()).parse(doubted(good, text.toString()));
    assertThat(verdict).as(text.toString()).isInstanceOf(ParsedVerdict.Unparseable.class);
  }

  /** Any words before a bracket: only those that introduce a verdict leave it one. */
  @Property(tries = 1000)
  void shouldReadABracketOnlyBehindAnIntroduction(@ForAll long seed) {
    // Given
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int words = random.nextInt(6); words >= 0; words--) {
      for (int letters = random.nextInt(9) + 4; letters > 0; letters--) {
        text.append("bcdfgjkqvwxyz".charAt(random.nextInt(13)));
      }
      text.append(random.nextInt(4) == 0 ? ", " : " ");
    }

    // Then
    assertThat(VerdictFormat.BRACKETED.parse(text + "[[A]]"))
        .as(text.toString())
        .isInstanceOf(ParsedVerdict.Unparseable.class);
    assertThat(spelled(VerdictFormat.BRACKETED.parse(text + "so [[A]]"))).isEqualTo("A");
    assertThat(spelled(VerdictFormat.BRACKETED.parse(text + "\n[[A]]"))).isEqualTo("A");
  }

  private static String doubted(Good good, String doubt) {
    boolean line = doubt.startsWith(">");
    String closing = doubt.endsWith("\"") ? "\"" : "";
    return good.before() + (line ? "\n" : "") + doubt + good.verdict() + closing;
  }

  private static String spelled(ParsedVerdict verdict) {
    return switch (verdict) {
      case Pairwise pairwise ->
          pairwise.scores().isEmpty() || pairwise.scores().contains(0.0)
              ? pairwise.preference().name()
              : numbers(pairwise.scores());
      case Pointwise pointwise -> numbers(pointwise.scores());
      case ParsedVerdict.Listwise listwise -> numbers(listwise.scores());
      case ParsedVerdict.Abstained abstained -> "ABSTAIN";
      case ParsedVerdict.Unparseable unparseable -> "unparseable";
    };
  }

  private static String numbers(List<Double> scores) {
    return scores.stream()
        .map(score -> score == Math.rint(score) ? "%.0f".formatted(score) : score.toString())
        .collect(Collectors.joining(","));
  }
}
