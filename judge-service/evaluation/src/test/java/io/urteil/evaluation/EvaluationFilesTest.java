package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EvaluationFilesTest {

  @Test
  void shouldNameFilesAfterTheReportTheyLieBeside() {
    // Given
    Path report = Path.of("out", "before.json");

    // When
    EvaluationFiles files = EvaluationFiles.beside(report);

    // Then
    assertThat(files.itemsName()).isEqualTo("before.items.jsonl");
    assertThat(files.page()).isEqualTo(Path.of("out", "before.md").toAbsolutePath().toString());
  }

  @Test
  void shouldNameNoFilesWithoutAReport() {
    // When
    EvaluationFiles files = EvaluationFiles.beside(null);

    // Then
    assertThat(files.itemsName()).isNull();
    assertThat(files.page()).isNull();
  }
}
