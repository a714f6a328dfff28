package io.urteil.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.OutcomeMember;
import io.urteil.event.RewardStatus;
import io.urteil.gateway.SubmittedMessage;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeerCohortsTest {

  private static final PeerCall CALL = new PeerCall("run", "1", null);
  private static final PeerCall KEYED = new PeerCall("run", "1", "key");

  @Test
  void shouldJudgeTogetherWhatHasTheSamePathStepPromptAndReference() {
    // Given
    String prompt = PeerCohorts.prompt("/score", CALL, sample("p", "a", "42"));

    // Then
    assertThat(PeerCohorts.prompt("/score", CALL, sample("p", "b", "42"))).isEqualTo(prompt);
    assertThat(PeerCohorts.prompt("/score", KEYED, sample("p", "b", "42"))).isEqualTo(prompt);
    assertThat(
            List.of(
                PeerCohorts.prompt("/verify", CALL, sample("p", "a", "42")),
                PeerCohorts.prompt(
                    "/score", new PeerCall("run", "2", null), sample("p", "a", "42")),
                PeerCohorts.prompt(
                    "/score", new PeerCall("run", null, null), sample("p", "a", "42")),
                PeerCohorts.prompt("/score", CALL, sample("q", "a", "42")),
                PeerCohorts.prompt("/score", CALL, sample("p", "a", null))))
        .doesNotContain(prompt)
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldTakeASampleForItsTextOrForTheKeyOfItsRequest() {
    assertThat(PeerCohorts.identity(CALL, sample("p", "a", null), 0))
        .isEqualTo(PeerCohorts.identity(CALL, sample("p", "a", null), 3))
        .isNotEqualTo(PeerCohorts.identity(CALL, sample("p", "b", null), 0));
    assertThat(PeerCohorts.identity(KEYED, sample("p", "a", null), 0))
        .isEqualTo(PeerCohorts.identity(KEYED, sample("p", "a", null), 0))
        .isNotEqualTo(PeerCohorts.identity(KEYED, sample("p", "a", null), 1))
        .isNotEqualTo(PeerCohorts.identity(CALL, sample("p", "a", null), 0));
  }

  /** No two prompts and references run into one another. */
  @Property(tries = 300)
  void shouldNotMixDifferentPrompts(
      @ForAll String prompt, @ForAll String reference, @ForAll String other) {
    assertThat(PeerCohorts.prompt("/score", CALL, sample(prompt, "a", reference + other)))
        .isNotEqualTo(
            PeerCohorts.prompt("/score", CALL, sample(other + "\n" + prompt, "a", reference)));
  }

  /** Parts of one group are one submission, with each member once. */
  @Test
  void shouldMergeTheMembersOfOneRequestThatAreInOneCohort() {
    // Given
    PeerGroup first = member("a", 0);

    // When
    PeerGroup all = first.with(member("b", 2)).with(member("a", 0));

    // Then
    assertThat(all.completions()).containsExactly("a", "b");
    assertThat(all.indexes()).containsExactly(0, 2);
    assertThat(all.size()).isEqualTo(3);
  }

  /** A conflict is then a failed verdict. That of another content for a judged member is not. */
  @Test
  void shouldRecogniseASampleWithoutWhichItsGroupHasClosed() {
    // Given
    EventCodec.trustEvents();
    GroupOutcome outcome =
        GroupOutcome.newBuilder()
            .setRunId("run")
            .setGroupId("group")
            .setStatus(GroupStatus.PARTIAL)
            .setExpected(3)
            .setMembers(
                List.of(
                    member(0, RewardStatus.PAID),
                    member(1, RewardStatus.MISSING),
                    member(2, RewardStatus.JUDGE_FAILED)))
            .setOpenedAt(Instant.EPOCH)
            .setCreatedAt(Instant.EPOCH)
            .build();

    // Then
    assertThat(PeerCohorts.isMissing(outcome, 0)).isFalse();
    assertThat(PeerCohorts.isMissing(outcome, 1)).isTrue();
    assertThat(PeerCohorts.isMissing(outcome, 2)).isFalse();
  }

  private static OutcomeMember member(int index, RewardStatus status) {
    return OutcomeMember.newBuilder().setArm("").setIndex(index).setRewardStatus(status).build();
  }

  private static PeerGroup member(String text, int index) {
    return new PeerGroup(
        "id", List.of(new SubmittedMessage("user", "p")), List.of(text), List.of(index), 3, null);
  }

  private static PeerGroup sample(String prompt, String text, @Nullable String reference) {
    return PeerGroup.alone(List.of(new SubmittedMessage("user", prompt)), text, reference);
  }
}
