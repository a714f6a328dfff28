package io.urteil.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark runs; what it measures is not asserted, since it depends on the machine. */
@Tag("long")
class LoopBenchIT {

  @TempDir Path directory;

  @Test
  void shouldRunBothLoopsInTurn() throws Exception {
    // Given
    List<String> lines = new ArrayList<>();

    // When
    LoopReport report = new LoopBench(2, 1, 1).run(directory, lines::add);

    // Then
    assertThat(lines).hasSize(2);
    assertThat(report.directSeconds()).hasSize(1).allMatch(seconds -> seconds > 0);
    assertThat(report.topicSeconds()).hasSize(1).allMatch(seconds -> seconds > 0);
    assertThat(report.rolloutsPerStep()).isEqualTo(128);
  }
}
