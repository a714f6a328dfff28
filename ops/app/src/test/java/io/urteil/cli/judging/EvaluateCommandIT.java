package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.cli.UrteilCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandIT {

  private static final String RECORDED = "../data/pandalm/gpt-3.5-turbo-testset-v1.json";

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final Path directory;

  EvaluateCommandIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldFailUnderAnAccuracyAndJudgeOnlyTheRestOfALargerLimit() {
    // When
    int passed = evaluate("--limit", "20", "--fail-under", "1");
    int failed = evaluate("--limit", "30", "--fail-under", "100");

    // Then
    assertThat(passed).isZero();
    assertThat(failed).isEqualTo(1);
    assertThat(errors.toString())
        .matches(
            "urteil: accuracy of 'gpt-3.5-turbo': \\d\\d\\.\\d\\d %"
                + " \\(expected: at least 100.0 % by --fail-under\\)\\R");
    assertThat(output.toString())
        .contains(
            "20 were judged before and are read from the topics (--rejudge judges them again)");
  }

  @Test
  void shouldRejectAPercentageAboveAHundred() {
    // When
    int status = evaluate("--fail-under", "101");

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .contains("--fail-under: 101.0 (expected: a percentage from 0 to 100)");
  }

  private int evaluate(String... more) {
    String[] all = new String[more.length + 6];
    all[0] = "evaluate";
    all[1] = "pandalm";
    all[2] = "--recorded-verdicts";
    all[3] = RECORDED;
    all[4] = "--data-dir";
    all[5] = directory.toString();
    System.arraycopy(more, 0, all, 6, more.length);
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute(all);
  }
}
