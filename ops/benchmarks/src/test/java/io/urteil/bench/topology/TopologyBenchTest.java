package io.urteil.bench.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.ContentHash;
import io.urteil.event.EventCodec;
import io.urteil.event.Rollout;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import io.urteil.run.RunFile;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyBenchTest {

  @Test
  void shouldDescribeItsRunInAUsableFile() {
    // When
    RunFile run = TopologyBench.runFile("any");

    // Then
    assertThat(run.group().samplesPerArm()).isEqualTo(SyntheticRollouts.PER_GROUP);
    assertThat(run.group().arms()).containsExactly(SyntheticRollouts.ARM);
  }

  @Test
  void shouldMakeRolloutsOfTheSizeAskedForWithTheirHash() {
    // When
    Rollout rollout = new SyntheticRollouts("any", 4_096).rollout(3, 2);

    // Then
    assertThat(new EventCodec().encode(rollout).length).isBetween(3_700, 4_500);
    assertThat(rollout.getContentHash()).isEqualTo(ContentHash.of(rollout.getSegments()));
  }

  @Test
  void shouldMakeRolloutsWhoseVerdictsCanBeRead() {
    // When
    Rollout rollout = new SyntheticRollouts("any", 4_096).rollout(5, 1);

    // Then
    assertThat(VerdictFormat.THINK_ANSWER_SCORES.parse(rollout.getSegments().getLast().getText()))
        .isInstanceOf(ParsedVerdict.Read.class);
  }

  @Test
  void shouldTellTheMiddleAndTheSlowestHundredth() {
    // When
    Latency latency = Latency.of(List.of(5L, 1L, 3L, 2L, 4L));

    // Then
    assertThat(latency).isEqualTo(new Latency(3, 5));
  }
}
