package io.urteil.local.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ScoreFileTest {

  @Test
  void shouldReadTextsAndObjectsAsResponses() throws IOException {
    // Given
    String text =
        """
        {"prompt": "1+1?", "responses": ["2", {"text": "3", "model": "m", "recorded": false}], "reference": 2}

        {"prompt": "why?", "responses": ["because"]}
        """;

    // When
    ScoreFile file = file(text);

    // Then
    assertThat(file.next())
        .isEqualTo(
            new ScoreLine(
                "1+1?",
                List.of(
                    new ScoreLine.Response("2", "all", null),
                    new ScoreLine.Response("3", "m", false)),
                "2"));
    assertThat(file.next())
        .isEqualTo(
            new ScoreLine("why?", List.of(new ScoreLine.Response("because", "all", null)), null));
    assertThat(file.next()).isNull();
  }

  @Test
  void shouldReadGsm8ksRecordedSolutions() throws IOException {
    // Given
    String text =
        "{\"question\": \"q\", \"ground_truth\": \"so A: 9 is wrong\\nA: 18\","
            + " \"6b\": {\"solution\": \"A: 26\", \"is_correct\": false}}";

    // When
    ScoreLine line = file(text).next();

    // Then
    assertThat(line)
        .isEqualTo(new ScoreLine("q", List.of(new ScoreLine.Response("A: 26", "6b", false)), "18"));
  }

  @Test
  void shouldReadSampledSolutionsOfAMathsEvaluation() throws IOException {
    // Given
    String text =
        "{\"question\": \"q\", \"gt\": \"\\\\pi\", \"code\": [\"a\", \"b\"], \"score\": [true,"
            + " false]}";

    // When
    ScoreLine line = file(text).next();

    // Then
    assertThat(line)
        .isEqualTo(
            new ScoreLine(
                "q",
                List.of(
                    new ScoreLine.Response("a", "all", true),
                    new ScoreLine.Response("b", "all", false)),
                "\\pi"));
  }

  @Test
  void shouldReadUpToTheLimitAndCountWhatIsThere() throws IOException {
    // Given
    String line = "{\"prompt\": \"p\", \"responses\": [\"r\"]}\n";
    byte[] text = (line + "\n" + line + "  \n" + line).getBytes(StandardCharsets.UTF_8);

    // When
    ScoreFile file = new ScoreFile("in.jsonl", new ByteArrayInputStream(text), 2);

    // Then
    assertThat(file.next()).isNotNull();
    assertThat(file.next()).isNotNull();
    assertThat(file.next()).isNull();
    assertThat(ScoreFile.count(new ByteArrayInputStream(text))).isEqualTo(3);
  }

  @Test
  void shouldUnpackGzip() throws IOException {
    // Given
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"prompt\": \"p\", \"responses\": [\"r\"]}".getBytes(StandardCharsets.UTF_8));
    }

    // When
    ScoreLine line = new ScoreFile("x.gz", new ByteArrayInputStream(packed.toByteArray())).next();

    // Then
    assertThat(line).isNotNull();
  }

  @Test
  void shouldNameInputLineAndExpectation() {
    assertThatThrownBy(() -> drain("{\"prompt\": \"p\", \"responses\": [\"r\"]}\n{oops"))
        .hasMessageStartingWith("in.jsonl, line 2: ")
        .hasMessageEndingWith("(expected: a JSON object)");
    assertThatThrownBy(() -> drain("{\"prompt\": \"p\"}"))
        .hasMessage("in.jsonl, line 1: responses: missing (expected: a list of texts)");
    assertThatThrownBy(() -> drain("{\"responses\": [\"r\"]}"))
        .hasMessage("in.jsonl, line 1: prompt: missing (expected: a text)");
    assertThatThrownBy(() -> drain("{\"question\": \"q\", \"ground_truth\": \"18\"}"))
        .hasMessage(
            "in.jsonl, line 1: ground_truth: no 'A:' (expected: the final answer after it)");
  }

  private static ScoreFile file(String text) throws IOException {
    return new ScoreFile(
        "in.jsonl", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void drain(String text) throws IOException {
    ScoreFile file = file(text);
    while (file.next() != null) {
      // Every line is parsed.
    }
  }
}
