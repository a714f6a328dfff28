package io.urteil.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.prompt.Preference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invented rows in the exact fields of published data sets. */
class PairRowsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private final PairRows rows = new PairRows();

  private List<AnswerPair> pairs(String row) {
    try {
      return rows.read(JSON.readTree(row.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldReadJudgeLm() {
    // When / Then
    assertThat(
            pairs(
                """
                {'question_id': 3, 'score': [1.0, 10.0], 'question_body': '1+1?',
                 'answer1_body': '3', 'answer2_body': '2', 'answer1_model_id': 'm',
                 'answer2_model_id': 'n', 'answer1_metadata': {}, 'answer2_metadata': {},
                 'text': '1 10 …', 'reference': {'text': 'two'}}"""))
        .containsExactly(
            new AnswerPair("3", "1+1?", "3", "2", null, List.of("1.0", "10.0"), null, "two", null))
        .allMatch(pair -> pair.better() == Preference.B);
  }

  @Test
  void shouldFormPairsOfHelpSteersRowsWithTheSamePrompt() {
    // Given
    String row =
        "{'prompt': '%s', 'response': '%s', 'helpfulness': %d, 'correctness': 3, 'coherence': 4,"
            + " 'complexity': 1, 'verbosity': 1}";

    // When
    List<AnswerPair> none = pairs(row.formatted("p", "a", 4));
    List<AnswerPair> first = pairs(row.formatted("p", "b", 1));
    List<AnswerPair> second = pairs(row.formatted("p", "c", 4));
    List<AnswerPair> other = pairs(row.formatted("q", "d", 0));

    // Then
    assertThat(none).isEmpty();
    assertThat(first).extracting(AnswerPair::better).containsExactly(Preference.A);
    assertThat(second)
        .extracting(AnswerPair::answers, AnswerPair::scores)
        .containsExactly(
            tuple(List.of("a", "c"), List.of("4", "4")),
            tuple(List.of("b", "c"), List.of("1", "4")));
    assertThat(other).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"-3, A", "-1, A", "0, TIE", "2, B"})
  void shouldReadHelpSteersPreferences(int strength, Preference better) {
    // When / Then
    assertThat(
            pairs(
                "{'split': 'train', 'prompt': 'p', 'response_1': 'a', 'response_2': 'b',"
                    + " 'preference_strength': %d, 'preference_statement': 's'}"
                        .formatted(strength)))
        .containsExactly(new AnswerPair(null, "p", "a", "b", null, null, strength, null, null))
        .allMatch(pair -> pair.better() == better);
    assertThat(
            pairs(
                "{'domain': 'code', 'language': 'java', 'context': [{'role': 'user', 'content': 'p'}],"
                    + " 'response1': 'a', 'response2': 'b', 'overall_preference': %d}"
                        .formatted(strength)))
        .allMatch(pair -> pair.better() == better)
        .extracting(AnswerPair::question, AnswerPair::source)
        .containsExactly(tuple("p", "code"));
  }

  @Test
  void shouldReadUltraFeedback() {
    // When / Then
    assertThat(
            pairs(
                """
                {'source': 'sharegpt', 'instruction': 'p', 'models': ['m', 'n', 'o'],
                 'completions': [{'model': 'm', 'response': 'a', 'overall_score': 7.5},
                  {'model': 'n', 'response': 'b', 'overall_score': 8},
                  {'model': 'o', 'response': 'c', 'overall_score': 1.0}]}"""))
        .extracting(AnswerPair::answers)
        .containsExactly(List.of("a", "b"), List.of("a", "c"), List.of("b", "c"));
  }

  @ParameterizedTest
  @CsvSource({"model_a, A", "model_b, B", "tie, TIE", "tie (bothbad), TIE"})
  void shouldReadPpesHumanPreferences(String winner, Preference better) {
    // When / Then
    assertThat(
            pairs(
                "{'question_id': 'q', 'prompt': 'p', 'response_1': 'a', 'response_2': 'b',"
                    + " 'winner': '%s', 'language': 'English'}".formatted(winner)))
        .containsExactly(new AnswerPair("q", "p", "a", "b", better, null, null, null, "English"));
  }

  @Test
  void shouldReadTheConflictPairsOfPpesBestOfK() {
    // When / Then
    assertThat(
            pairs(
                "{'question_id': 'q', 'prompt': 'p', 'response_1': 'a', 'response_2': 'b',"
                    + " 'response_3': 'c', 'scores': [false, true, true],"
                    + " 'sampled_conflict_pairs': [[0, 2], [1, 0]]}"))
        .containsExactly(
            new AnswerPair("q/0", "p", "a", "c", Preference.B, null, null, null, null),
            new AnswerPair("q/1", "p", "b", "a", Preference.A, null, null, null, null));
  }

  @Test
  void shouldReadRmb() {
    // Given
    String conversation = "'conversation_input': [{'role': 'user', 'content': 'p'}]";

    // When / Then
    assertThat(
            pairs(
                "{'pair_uid': 'u', "
                    + conversation
                    + ", 'chosen': {'llm_name': 'm', 'answer': 'a'}, 'reject': {'llm_name': 'n',"
                    + " 'answer': 'b'}}"))
        .containsExactly(new AnswerPair("u", "p", "a", "b", Preference.A, null, null, null, null));
    assertThat(
            pairs(
                "{'bon_uid': 'u', "
                    + conversation
                    + ", 'bon_best': {'answer': 'a'}, 'loser_list': [{'answer': 'b'}, {'answer': 'c'}]}"))
        .extracting(AnswerPair::id, AnswerPair::answerB)
        .containsExactly(tuple("u/0", "b"), tuple("u/1", "c"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'question_body': 'q', 'answer1_body': 'a', 'answer2_body': 'b'};"
            + "score: missing (expected: two numbers)",
        "{'prompt': 'p', 'response_1': 'a', 'response_2': 'b', 'preference_strength': -100};"
            + "preference_strength: -100 (expected: a whole number from -3 to 3)",
        "{'prompt': 'p', 'response_1': 'a', 'response_2': 'b', 'winner': 'c'};"
            + "winner: 'c' (expected: model_a, model_b, tie or tie (bothbad))",
        "{'prompt': 'p', 'scores': [true], 'sampled_conflict_pairs': [[0, 1]]};"
            + "sampled_conflict_pairs: [0,1] (expected: two numbers of responses with scores)",
        "{'prompt': 'p', 'scores': [true, true], 'sampled_conflict_pairs': [[0, 1]]};"
            + "sampled_conflict_pairs: [0,1] (expected: a right and a wrong response)",
        "{'prompt': 'p', 'response': 'a', 'helpfulness': 'x'};helpfulness: \"x\" (expected: a number)",
        "{'conversation_input': [], 'chosen': {'answer': 'a'}, 'reject': {'answer': 'b'}};"
            + "conversation_input: [] (expected: at least one message)",
        "{'x': 1};question: missing (expected: a text)"
      })
  void shouldNameTheInvalidField(String row, String message) {
    // When / Then
    assertThatThrownBy(() -> pairs(row))
        .isInstanceOf(PairFormatException.class)
        .hasMessage(message);
  }

  @Test
  void shouldReadPublishedFilesInParquet() throws Exception {
    // When / Then
    assertThat(read("ultrafeedback_binarized.parquet"))
        .containsExactly(
            new AnswerPair(
                null, "1+1?", "2", "3", Preference.A, List.of("8.5", "3.0"), null, null, null));
    assertThat(read("ppe-human.parquet"))
        .extracting(AnswerPair::better)
        .containsExactly(Preference.A, Preference.B, Preference.TIE, Preference.TIE);
    assertThat(read("ppe-math.parquet"))
        .extracting(AnswerPair::answers, AnswerPair::better)
        .containsExactly(
            tuple(List.of("1", "2"), Preference.B), tuple(List.of("2", "3"), Preference.A));
    assertThat(read("reward-bench.parquet")).hasSize(5);
  }

  private List<AnswerPair> read(String name) throws Exception {
    Path file = directory.resolve(name);
    try (var in = PairRowsTest.class.getResourceAsStream("/tables/" + name)) {
      Files.copy(Objects.requireNonNull(in, name), file);
    }
    return PairReader.read("--data", file);
  }
}
