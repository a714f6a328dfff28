package io.urteil.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.prompt.Preference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairReaderTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> FORMS =
      List.of(
          """
          {"id": 7, "question": "q", "answers": ["x", "y"], "preferred": "A", "scores": [9, 2.5], "strength": -3, "reference": "r", "source": "s"}\
          """,
          """
          {"question": "q", "a": "x", "b": "y", "better": "A"}\
          """,
          """
          {"prompt": "q", "chosen": "x", "rejected": "y"}\
          """,
          """
          {"prompt": [{"role": "user", "content": "q"}], "chosen": [{"role": "assistant", "content": "x"}], "rejected": [{"role": "assistant", "content": "y"}]}\
          """,
          """
          {"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "x"}], "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "y"}]}\
          """,
          """
          {"prompt": "q", "chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "x"}], "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "y"}]}\
          """);

  @TempDir private Path directory;

  static List<String> forms() {
    return FORMS;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void shouldReadTheSamePairFromEveryForm(String line) {
    // When
    AnswerPair pair = PairReader.read("here", line);

    // Then
    assertThat(pair.question()).isEqualTo("q");
    assertThat(pair.answers()).containsExactly("x", "y");
    assertThat(pair.better()).isEqualTo(Preference.A);
  }

  @Test
  void shouldReadEveryGoldValue() {
    // When
    AnswerPair pair = PairReader.read("here", FORMS.getFirst());

    // Then
    assertThat(pair)
        .isEqualTo(
            new AnswerPair("7", "q", "x", "y", Preference.A, List.of("9", "2.5"), -3, "r", "s"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"scores\": [2, 9] | B",
        "\"scores\": [2, 2.0] | TIE",
        "\"strength\": -1 | A",
        "\"strength\": 2 | B",
        "\"strength\": 0 | TIE",
        "\"preferred\": \"tie\", \"scores\": [2, 9] | TIE"
      })
  void shouldTakeThePreferenceFromTheOtherGoldValues(String gold, Preference better) {
    assertThat(
            PairReader.read(
                    "here",
                    "{\"question\": \"q\", \"answers\": [\"x\", \"y\"], %s}".formatted(gold))
                .better())
        .isEqualTo(better);
  }

  @Test
  void shouldMakeATranscriptOfSeveralTurns() {
    // When
    AnswerPair pair =
        PairReader.read(
            "here",
            """
            {"chosen": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}, {"role": "assistant", "content": "x"}],
             "rejected": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}, {"role": "assistant", "content": "y"}]}\
            """);

    // Then
    assertThat(pair.question()).isEqualTo("system:\ns\n\nuser:\nq");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1] | [1] (expected: a JSON object)",
        "{\"answers\": [\"x\", \"y\"]} | question: missing (expected: a text)",
        "{\"question\": \"q\"} | answers: missing (expected: two texts)",
        "{\"question\": \"q\", \"answers\": [\"x\", 2]} | answers: [\"x\",2] (expected: two texts)",
        "{\"question\": \"q\", \"answers\": [\"x\", \"y\"]} | no gold value (expected: 'preferred',"
            + " 'scores' or 'strength')",
        "{\"question\": \"q\", \"a\": \"x\", \"b\": \"y\"} | better: missing (expected: A, B or"
            + " tie)",
        "{\"question\": \"q\", \"a\": \"x\"} | b: missing (expected: a text)",
        "{\"question\": \"q\", \"answers\": [\"x\", \"y\"], \"preferred\": \"C\"} | preferred: 'C'"
            + " (expected: A, B or tie)",
        "{\"question\": \"q\", \"answers\": [\"x\", \"y\"], \"scores\": [1]} | scores: [1]"
            + " (expected: two numbers)",
        "{\"question\": \"q\", \"answers\": [\"x\", \"y\"], \"strength\": 0.5} | strength: 0.5"
            + " (expected: a whole number)",
        "{\"chosen\": \"x\", \"rejected\": \"y\"} | prompt: missing (expected: a text)",
        "{\"prompt\": \"q\", \"chosen\": \"x\"} | rejected: missing (expected: a text)",
        "{\"prompt\": \"q\", \"chosen\": \"x\", \"rejected\": []} | rejected: [] (expected: of the"
            + " same form as chosen)",
        "{\"prompt\": \"q\", \"chosen\": [], \"rejected\": []} | chosen: [] (expected: at least one"
            + " message)",
        "{\"prompt\": \"q\", \"chosen\": [{\"role\": \"user\"}], \"rejected\": []} | chosen[0]:"
            + " {\"role\":\"user\"} (expected: a message with the texts role and content)",
      })
  void shouldNameTheFieldOfALineThatIsNoPair(String line, String message) {
    assertThatThrownBy(() -> PairReader.read("pairs.jsonl, line 3", line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pairs.jsonl, line 3: " + message);
  }

  @Test
  void shouldRefuseAPromptThatIsNotWhatTheConversationsBeginWith() {
    String conversations =
        """
        "chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "x"}],
        "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "y"}]\
        """;
    assertThatThrownBy(
            () -> PairReader.read("here", "{\"prompt\": \"other\", " + conversations + "}"))
        .hasMessage(
            "here: prompt: \"other\" (expected: the messages that chosen and rejected begin with)");
    assertThatThrownBy(
            () ->
                PairReader.read(
                    "here",
                    "{"
                        + conversations
                            .replace("\"user\", \"content\": \"q\"", "\"user\", \"content\": \"z\"")
                            .replaceFirst("z", "q")
                        + "}"))
        .hasMessageContaining(
            "here: chosen: messages of the roles [user, assistant] (expected: one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n"})
  void shouldRefuseAFileWithoutLines(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("pairs.jsonl"), text);

    assertThatThrownBy(() -> PairReader.read("data.prompts", file))
        .hasMessage(
            "data.prompts: %s has no pairs (expected: at least one, in JSON lines, a JSON array, CSV or Parquet)"
                .formatted(file));
    assertThatThrownBy(() -> PairReader.read("data.prompts", directory.resolve("none")))
        .hasMessageStartingWith("data.prompts: no file ");
  }

  @Test
  void shouldNameTheLineOfAFile() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("pairs.jsonl"), FORMS.getFirst() + "\n\n{\"prompt\": \"q\"}\n");

    assertThatThrownBy(() -> PairReader.read("data.prompts", file))
        .hasMessage(file + ", line 3: question: missing (expected: a text)");
  }

  /** A line of a known form in which one value is something else, or which is cut off. */
  @Property(tries = 2000)
  void shouldReadALineOrNameItAndTheFieldWhenItIsDamaged(@ForAll("damaged") String line) {
    try {
      // When
      AnswerPair pair = PairReader.read("f, line 9", line);

      // Then
      assertThat(pair.better()).isNotNull();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("f, line 9: ").hasMessageContaining("(expected: ");
    }
  }

  @Provide
  Arbitrary<String> damaged() {
    Arbitrary<String> form = Arbitraries.of(FORMS);
    Arbitrary<String> field =
        Arbitraries.of(
            "id",
            "question",
            "answers",
            "preferred",
            "scores",
            "strength",
            "reference",
            "source",
            "a",
            "b",
            "better",
            "prompt",
            "chosen",
            "rejected");
    Arbitrary<String> value =
        Arbitraries.oneOf(
            Arbitraries.of(
                "null",
                "[]",
                "{}",
                "1e999",
                "-0.5",
                "\"\"",
                "true",
                "[1, 2]",
                "[\"NaN\", 1]",
                "[{}]",
                "[null, null]",
                "[{\"role\": \"assistant\", \"content\": \"z\"}]",
                "[{\"role\": 1, \"content\": \"z\"}]",
                "[[[]]]",
                "2147483648"),
            Arbitraries.strings().ofMaxLength(5).map(PairReaderTest::quoted));
    Arbitrary<String> changed = Combinators.combine(form, field, value).as(PairReaderTest::with);
    Arbitrary<String> cut =
        form.flatMap(
            text ->
                Arbitraries.integers().between(0, text.length()).map(n -> text.substring(0, n)));
    return Arbitraries.oneOf(changed, cut, Arbitraries.strings());
  }

  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String with(String line, String field, String value) {
    try {
      ObjectNode object = (ObjectNode) JSON.readTree(line);
      object.set(field, JSON.readTree(value));
      return JSON.writeValueAsString(object);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
