package io.urteil.audit.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.audit.replay.ReplayReport.BatchReplay;
import io.urteil.audit.replay.ReplayReport.Change;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayReportTextTest {

  @Test
  void shouldPrintWhetherEachBatchHasTheSameBytes() {
    // Given
    BatchReplay same = batch("r-1", true, null, List.of());
    BatchReplay other = batch("r-2", false, "weight 3", List.of());

    // When
    String text = print(report(null, 2, 1, List.of(same, other)));

    // Then
    assertThat(text)
        .isEqualToNormalizingNewlines(
            """
            run r, run file h
            batch r-1                         2 groups, closed by full: identical
            batch r-2                         2 groups, closed by full: weight 3
            2 batches, 1 identical, 0 not replayed
            """);
  }

  @Test
  void shouldPrintWhatChangesUnderAnotherRunFile() {
    // Given
    Change change = new Change("g", "A-0", 1.0, 0.5, null, null);
    BatchReplay batch = batch("r-1", false, null, List.of(change));

    // When
    String text = print(report("o", 1, 0, List.of(batch)));

    // Then
    assertThat(text)
        .contains("under run file o")
        .contains("closed by full: 1 changed")
        .contains("g                                A-0            1.0000     0.5000       none")
        .contains(
            "8 members: 1 rewards changed (mean 0.5000), 2 advantages (mean 0.2500), 3 signs;"
                + " 4 removed, 5 added");
  }

  private static BatchReplay batch(
      String id, boolean identical, @Nullable String difference, List<Change> changes) {
    return new BatchReplay(
        id, identical, difference, "full", List.of("g", "f"), List.of(), changes);
  }

  private static ReplayReport report(
      @Nullable String other, int batches, int identical, List<BatchReplay> replays) {
    return new ReplayReport(
        "r",
        "h",
        other,
        new ReplayReport.Batches(batches, identical, 0),
        new ReplayReport.Members(8, 1, 2, 3, 4, 5, 0.5, 0.25),
        replays);
  }

  private static String print(ReplayReport report) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    ReplayReportText.print(report, out);
    out.flush();
    return text.toString();
  }
}
