package io.urteil.local.rejudge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.batch.NoBatches;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileException;
import io.urteil.run.RunFileReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RejudgeSessionTest {

  private static final String TWO_JUDGES =
      """
      run: other
      judges: { first: { type: answer }, second: { type: answer, compare: text } }
      group: { samplesPerArm: 4, deadline: 60s, onMissing: { survivors: 2 } }
      reward: { rule: correct, unparseable: 0 }
      batch: { kind: preference, pairs: all }
      """;

  @Test
  void shouldJudgeUnderTheRunsIdWithADaysTimeAndWithoutBatches() {
    // When
    RunFile run = RejudgeSession.sessionFile(TWO_JUDGES, "past", "second");

    // Then
    assertThat(run.run()).isEqualTo("past");
    assertThat(run.group().deadline()).isEqualTo(Duration.ofHours(24));
    assertThat(run.group().onMissing()).isEqualTo(new OnMissing.Drop());
    assertThat(run.group().samplesPerArm()).isEqualTo(4);
    assertThat(run.batch().kind()).isEqualTo(new NoBatches());
    assertThat(RunFileReader.read("again", run.text())).isEqualTo(run);
  }

  @Test
  void shouldPayTheJudgeThatIsAskedUnlessTheRewardNamesAnother() {
    String named = TWO_JUDGES.replace("rule: correct", "rule: correct, judge: second");
    String sum =
        TWO_JUDGES.replace(
            "rule: correct, unparseable: 0",
            "rule: weighted, parts: { one: { rule: correct, judge: second, unparseable: 0 } }");

    assertThat(RejudgeSession.sessionFile(TWO_JUDGES, "past", "second").reward().judge())
        .isEqualTo("second");
    assertThat(RejudgeSession.sessionFile(named, "past", "first").reward().judge())
        .isEqualTo("second");
    assertThat(RejudgeSession.sessionFile(sum, "past", "first").reward().judges())
        .containsExactly("second");
  }

  @Test
  void shouldRefuseAFileThatIsNoRunFile() {
    assertThatThrownBy(() -> RejudgeSession.sessionFile("just words", "past", "first"))
        .isInstanceOf(RunFileException.class);
  }
}
