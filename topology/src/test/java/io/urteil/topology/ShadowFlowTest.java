package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.GroupMember;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Prompt;
import io.urteil.event.RolloutGroup;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.ShadowJudge;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the topology asks of judges that only look on, where these compare members. */
class ShadowFlowTest {

  private static final JudgeSection VERDICT = new RuleJudge.Verdict("judgelrm-scores", Map.of());

  private final Path directory;

  ShadowFlowTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldAskAboutEachGroupOfTheShareWhenItCloses() {
    // Given
    RunFile run = run(VERDICT, 0.5);
    List<Prompt> prompts =
        LongStream.range(0, 40).mapToObj(ordinal -> TestEvents.prompt(ordinal).build()).toList();

    // When
    try (TopologyDriver topology = new TopologyDriver(run, directory)) {
      prompts.forEach(prompt -> topology.sendGroup(prompt, "A"));

      // Then
      assertThat(topology.groups()).hasSize(prompts.size());
      List<RolloutGroup> asked = topology.read(Topic.ROLLOUT_GROUPS, RolloutGroup.class);
      assertThat(asked)
          .hasSizeBetween(5, 35)
          .extracting(RolloutGroup::getGroupId)
          .containsExactlyElementsOf(
              prompts.stream().map(Prompt::getGroupId).filter(run::hasGroupwiseShadow).toList());
      assertThat(asked)
          .allSatisfy(
              group ->
                  assertThat(group.getMembers())
                      .extracting(GroupMember::getArm, GroupMember::getIndex)
                      .containsExactly(
                          Tuple.tuple("AB", 0),
                          Tuple.tuple("AB", 1),
                          Tuple.tuple("BA", 0),
                          Tuple.tuple("BA", 1)));
    }
  }

  @Test
  void shouldAskAboutThoseThatCameWhenTheGroupExpiresAndNotAtAllWhenNoneCame() {
    // Given
    Prompt lacking = TestEvents.prompt(0).build();

    // When
    try (TopologyDriver topology = new TopologyDriver(run(VERDICT, 1), directory)) {
      topology.send(lacking);
      topology.send(TopologyDriver.rollouts(lacking).get(1));
      topology.send(TestEvents.prompt(1).build());
      topology.advance(Duration.ofSeconds(61));

      // Then
      assertThat(topology.groups())
          .extracting(GroupOutcome::getStatus)
          .containsExactly(GroupStatus.EXPIRED, GroupStatus.EXPIRED);
      assertThat(topology.read(Topic.ROLLOUT_GROUPS, RolloutGroup.class))
          .singleElement()
          .satisfies(
              group ->
                  assertThat(group.getMembers())
                      .extracting(GroupMember::getArm, GroupMember::getIndex)
                      .containsExactly(Tuple.tuple("AB", 1)));
    }
  }

  @Test
  void shouldAskOnceWhenJudgesOfTheRunCompareMembersToo() {
    // Given
    Prompt prompt = TestEvents.prompt(0).build();

    // When
    try (TopologyDriver topology =
        new TopologyDriver(
            run(new RuleJudge.MajorityAnswer(RuleJudge.Compare.NUMBER), 1), directory)) {
      topology.sendGroup(prompt, "A");

      // Then
      assertThat(topology.groups()).hasSize(1);
      assertThat(topology.read(Topic.ROLLOUT_GROUPS, RolloutGroup.class)).hasSize(1);
    }
  }

  private static RunFile run(JudgeSection judge, double share) {
    return TestRun.plain()
        .edit()
        .judge("outcome", judge)
        .shadow(
            "onlooker",
            new ShadowJudge(new RuleJudge.MajorityAnswer(RuleJudge.Compare.NUMBER), share))
        .build();
  }
}
