package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileException;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ops/docs/run-file.md} against the reader of run files. */
class RunFileDocumentationTest {

  private static final String PAGE = "ops/docs/run-file.md";
  private static final String REQUIRED = "required";

  /** A row of the page: key, what it must be, default, meaning. */
  record Row(String path, String expectation, String fallback, String meaning) {}

  static List<Row> rows() throws IOException {
    return DocumentationPage.read(PAGE).table("Every key").rows().stream()
        .map(
            cells ->
                new Row(
                    DocumentationPage.code(cells.get(0)), cells.get(1), cells.get(2), cells.get(3)))
        .toList();
  }

  @Test
  void shouldNameEveryKeyThatTheReaderKnowsWithWhatItExpectsThereAndNoOther() throws IOException {
    // When
    Map<String, String> documented = new TreeMap<>();
    rows().forEach(row -> documented.put(row.path(), row.expectation().replace("`", "")));

    // Then
    assertThat(documented).containsExactlyEntriesOf(RunFileKeys.expectations());
    assertThat(rows()).allSatisfy(row -> assertThat(row.meaning()).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldNameTheDefaultThatTheReaderTakes(Row row) {
    // Given
    ObjectNode base = RunFileKeys.baseWith(row.path());
    ObjectNode absent = RunFileKeys.without(base, row.path());

    // When
    List<String> problems = RunFileKeys.problems(absent);

    // Then
    if (row.fallback().equals(REQUIRED)) {
      assertThat(problems)
          .anySatisfy(problem -> assertThat(problem).startsWith(row.path() + ": missing"));
      return;
    }
    assertThat(problems).isEmpty();
    if (DocumentationPage.isCode(row.fallback())) {
      JsonNode value = RunFileKeys.value(DocumentationPage.code(row.fallback()));
      assertThat(RunFileKeys.read(RunFileKeys.with(base, row.path(), value)))
          .usingRecursiveComparison()
          .ignoringFields("text", "hash")
          .isEqualTo(RunFileKeys.read(absent));
    }
  }

  @Test
  void shouldShowTheSettingsOfEveryAdvantagePreset() throws IOException {
    // Given
    String refused =
        RunFileKeys.problems(
                RunFileKeys.with(RunFileKeys.base(), "advantage", new TextNode("unheard-of")))
            .getFirst();
    DocumentationPage.Table presets = DocumentationPage.read(PAGE).table("Advantage presets");

    // Then
    List<String> names = presets.column(0).stream().map(DocumentationPage::code).toList();
    assertThat(refused).endsWith("one of " + String.join(", ", names) + ")");
    SoftAssertions.assertSoftly(
        softly -> {
          for (List<String> row : presets.rows()) {
            RunFile run =
                RunFileKeys.read(
                    RunFileKeys.with(
                        RunFileKeys.base(),
                        "advantage",
                        new TextNode(DocumentationPage.code(row.get(0)))));
            String settings =
                "baseline: %s, scale: %s, ddof: %s, epsilon: %s, alone: %s, of: %s, whiten: %s"
                    .formatted(
                        row.get(1),
                        row.get(2),
                        row.get(3),
                        row.get(4),
                        row.get(5),
                        row.get(6),
                        row.get(7));
            RunFile spelledOut =
                RunFileKeys.read(
                    RunFileKeys.with(
                        RunFileKeys.base(),
                        "advantage",
                        RunFileKeys.value("{" + settings.replace("`", "") + "}")));
            softly
                .assertThat(run.advantage())
                .as(row.get(0))
                .usingRecursiveComparison()
                .ignoringFields("preset")
                .isEqualTo(spelledOut.advantage());
          }
        });
  }

  @Test
  void shouldPresentEveryRunFileThatComesWithTheProject() throws IOException {
    // Given
    String page = Repository.text(PAGE);
    try (Stream<Path> files = Files.list(Repository.ROOT.resolve("ops/runs"))) {
      // Then
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file -> {
                assertThat(page).contains("(../runs/" + file.getFileName() + ")");
                if (file.getFileName().toString().startsWith("waiting-")) {
                  assertThatThrownBy(
                          () -> RunFileReader.read(file.toString(), Files.readString(file)))
                      .isInstanceOfSatisfying(
                          RunFileException.class,
                          refused ->
                              assertThat(refused.problems())
                                  .anyMatch(problem -> problem.startsWith("train.objective: ")));
                } else {
                  RunFileReader.read(file.toString(), Files.readString(file));
                }
              });
    }
  }
}
