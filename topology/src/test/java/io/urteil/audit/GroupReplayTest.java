package io.urteil.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.MemberKey;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.topology.group.MemberId;
import io.urteil.topology.group.MemberState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups that asked for members again, given to the replay topic after topic. */
class GroupReplayTest {

  private static final RunFile RUN =
      RunFileReader.read("run", TestEvents.RUN_FILE)
          .edit()
          .group(group -> group.withOnMissing(new OnMissing.Refill(2)))
          .build();

  private final Prompt prompt = TestEvents.prompt(0).build();
  private final List<Rollout> rollouts = new ArrayList<>();
  private final List<Judgement> judgements = new ArrayList<>();
  private final Prompt again =
      Prompt.newBuilder(prompt)
          .setMembers(
              List.of(MemberKey.newBuilder().setArm("AB").setIndex(0).setAttempt(1).build()))
          .setCreatedAt(TestEvents.START.plusMillis(1_000))
          .build();

  @Test
  void shouldCloseWithTheLaterAttemptWhenAJudgeGaveTheFirstUp() {
    // Given
    judged("AB", 0, 0, JudgementStatus.FAILED);
    judged("AB", 1, 0, JudgementStatus.UNPARSEABLE);
    judged("BA", 0, 0, JudgementStatus.UNPARSEABLE);
    judged("BA", 1, 0, JudgementStatus.UNPARSEABLE);
    judged("AB", 0, 1, JudgementStatus.UNPARSEABLE);

    // When
    GroupReplay replay = replayed();

    // Then
    assertThat(replay.drainRejections()).isEmpty();
    assertThat(replay.closed().orElseThrow().members())
        .extracting(MemberState::id)
        .containsExactly(
            new MemberId("AB", 0, 1),
            new MemberId("AB", 1, 0),
            new MemberId("BA", 0, 0),
            new MemberId("BA", 1, 0));
  }

  @Test
  void shouldCloseWithTheLaterAttemptWhenTheFirstNeverCame() {
    // Given
    judged("AB", 1, 0, JudgementStatus.UNPARSEABLE);
    judged("BA", 0, 0, JudgementStatus.UNPARSEABLE);
    judged("BA", 1, 0, JudgementStatus.UNPARSEABLE);
    judged("AB", 0, 1, JudgementStatus.UNPARSEABLE);

    // When
    GroupReplay replay = replayed();

    // Then
    assertThat(replay.drainRejections()).isEmpty();
    assertThat(replay.closed().orElseThrow().members().getFirst())
        .satisfies(
            member -> {
              assertThat(member.id()).isEqualTo(new MemberId("AB", 0, 1));
              assertThat(member.rollout()).isNotNull();
            });
  }

  @Test
  void shouldStayOpenUntilItsTimeIsOverWhenAMemberIsMissing() {
    // Given
    judged("AB", 0, 0, JudgementStatus.UNPARSEABLE);
    GroupReplay replay = new GroupReplay(RUN);
    give(replay, List.of(prompt));

    // When
    boolean openBefore = replay.closed().isEmpty();
    replay.onDeadline();

    // Then
    assertThat(openBefore).isTrue();
    assertThat(replay.closed()).isPresent();
    assertThat(replay.rolloutCount()).isEqualTo(1);
  }

  private void judged(String arm, int index, int attempt, JudgementStatus status) {
    Rollout rollout =
        Rollout.newBuilder(
                TestEvents.rollout(prompt, arm, index, "%s %d %d".formatted(arm, index, attempt))
                    .build())
            .setAttempt(attempt)
            .build();
    rollouts.add(rollout);
    judgements.add(TestEvents.judgement(rollout, status).build());
  }

  private GroupReplay replayed() {
    GroupReplay replay = new GroupReplay(RUN);
    give(replay, List.of(prompt, again));
    return replay;
  }

  private void give(GroupReplay replay, List<Prompt> prompts) {
    for (int i = 0; i < prompts.size(); i++) {
      replay.on(
          GroupReplay.Event.of(
              prompts.get(i),
              new RecordPosition(Topic.PROMPTS.baseName(), 0, i),
              prompts.get(i).getCreatedAt().toEpochMilli()));
    }
    for (int i = 0; i < rollouts.size(); i++) {
      RecordPosition spot = new RecordPosition(Topic.ROLLOUTS.baseName(), 0, i);
      replay.on(GroupReplay.Event.of(rollouts.get(i), spot, time(rollouts.get(i).getAttempt(), 0)));
    }
    for (int i = 0; i < judgements.size(); i++) {
      RecordPosition spot = new RecordPosition(Topic.JUDGEMENTS.baseName(), 0, i);
      replay.on(
          GroupReplay.Event.of(judgements.get(i), spot, time(judgements.get(i).getAttempt(), 1)));
    }
    replay.replayDeferred();
  }

  /** First attempts before the members are asked for again, later ones after it. */
  private static long time(int attempt, int step) {
    return TestEvents.START.toEpochMilli() + (attempt == 0 ? 100 : 2_000) + step;
  }
}
