package io.urteil.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.RequestPhase;
import io.urteil.event.RequestedMember;
import io.urteil.event.RewardRequest;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestedGroupTest {

  private static final GroupName NAME = new GroupName("run", "group");

  @Test
  void shouldGiveAMemberToItsFirstClaim() {
    // Given
    RequestedGroup group = new RequestedGroup(NAME, Instant.EPOCH);

    // When
    group.apply(request(RequestPhase.CLAIMED, "a", 1, null, "x"));
    group.apply(request(RequestPhase.CLAIMED, "b", 1, null, "x"));

    // Then
    assertThat(group.claim(new MemberSlot("only", 0)))
        .isEqualTo(new RequestedGroup.Claim("x", "a", 1, false));
  }

  @Test
  void shouldGiveAMemberToOneOfTwoTakeovers() {
    // Given
    RequestedGroup group = new RequestedGroup(NAME, Instant.EPOCH);
    group.apply(request(RequestPhase.CLAIMED, "a", 1, null, "x"));

    // When
    group.apply(request(RequestPhase.TAKEN_OVER, "b", 4, "a", "x"));
    group.apply(request(RequestPhase.TAKEN_OVER, "c", 9, "a", "x"));

    // Then
    assertThat(group.claim(new MemberSlot("only", 0)))
        .isEqualTo(new RequestedGroup.Claim("x", "b", 4, false));
  }

  @Test
  void shouldNotLetASentMemberBeTakenOver() {
    // Given
    RequestedGroup group = new RequestedGroup(NAME, Instant.EPOCH);
    group.apply(request(RequestPhase.CLAIMED, "a", 1, null, "x"));
    group.apply(request(RequestPhase.SENT, "a", 1, null, "x"));

    // When
    group.apply(request(RequestPhase.TAKEN_OVER, "b", 4, "a", "x"));

    // Then
    assertThat(group.claim(new MemberSlot("only", 0)))
        .isEqualTo(new RequestedGroup.Claim("x", "a", 1, true));
  }

  /**
   * Any gateway that reads the same records finds the same owners, and each step wins at most once.
   */
  @Property(tries = 300)
  void shouldHaveOneOwnerWhateverTheGatewaysWrite(@ForAll("records") List<RewardRequest> records) {
    // Given
    RequestedGroup one = new RequestedGroup(NAME, Instant.EPOCH);
    RequestedGroup other = new RequestedGroup(NAME, Instant.EPOCH);
    MemberSlot slot = new MemberSlot("only", 0);

    // When
    for (RewardRequest record : records) {
      RequestedGroup.@Nullable Claim before = one.claim(slot);
      one.apply(record);
      RequestedGroup.@Nullable Claim after = one.claim(slot);

      // Then
      if (before != null && before.sent()) {
        assertThat(after).isEqualTo(before);
      }
      if (before != null) {
        assertThat(after)
            .isNotNull()
            .extracting(RequestedGroup.Claim::hash)
            .isEqualTo(before.hash());
      }
    }
    records.forEach(other::apply);
    assertThat(other.claim(slot)).isEqualTo(one.claim(slot));
  }

  @Provide
  Arbitrary<List<RewardRequest>> records() {
    Arbitrary<String> gateways = Arbitraries.of("a", "b", "c");
    return Combinators.combine(
            Arbitraries.of(RequestPhase.CLAIMED, RequestPhase.TAKEN_OVER, RequestPhase.SENT),
            gateways,
            Arbitraries.longs().between(1, 5),
            gateways,
            Arbitraries.of("x", "y"))
        .as(RequestedGroupTest::request)
        .list()
        .ofMaxSize(20);
  }

  private static RewardRequest request(
      RequestPhase phase, String gateway, long sequence, @Nullable String previous, String hash) {
    return request(phase, gateway, sequence, previous, hash, 0);
  }

  private static RewardRequest request(
      RequestPhase phase,
      String gateway,
      long sequence,
      @Nullable String previous,
      String hash,
      int index) {
    return RewardRequest.newBuilder()
        .setRunId(NAME.run())
        .setGroupId(NAME.id())
        .setPhase(phase)
        .setGateway(gateway)
        .setSequence(sequence)
        .setPrevious(phase == RequestPhase.TAKEN_OVER ? previous : null)
        .setArms(List.of("only"))
        .setSamplesPerArm(2)
        .setMembers(
            List.of(
                RequestedMember.newBuilder().setArm("only").setIndex(index).setHash(hash).build()))
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
