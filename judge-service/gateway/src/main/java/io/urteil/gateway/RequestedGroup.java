package io.urteil.gateway;

import io.urteil.event.Judgement;
import io.urteil.event.RequestPhase;
import io.urteil.event.RequestedMember;
import io.urteil.event.RewardRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One group in the topic {@code requests}. All gateways read the same records in the same order, so
 * they agree on who publishes which member: the first claim of a member wins, and a takeover wins
 * if it names the current owner and the member is not sent. Thread-safe.
 */
final class RequestedGroup {

  /** Judgements of a group beyond this number are not listed as its progress. */
  private static final int MAX_PROGRESS = 16_384;

  /**
   * @param gateway id of the gateway that publishes the member
   * @param sequence the step by which it became the owner
   */
  record Claim(String hash, String gateway, long sequence, boolean sent) {

    private boolean hasOwnerOf(@Nullable Claim other) {
      return other != null && other.sequence() == sequence && other.gateway().equals(gateway);
    }
  }

  /**
   * A judgement of the group.
   *
   * @param offset of the record in its partition; increases within a group
   */
  record JudgedMember(
      long offset, String arm, int index, String judge, String status, @Nullable String error) {}

  private final GroupName name;
  private final Instant since;
  private final LongSupplier nanos;
  private final Map<MemberSlot, Claim> claims = new HashMap<>();
  private final Map<MemberSlot, Long> claimedAt = new HashMap<>();
  private final List<JudgedMember> progress = new ArrayList<>();
  private List<String> arms = List.of();
  private int samplesPerArm;
  private boolean cancelled;
  private boolean closed;

  /**
   * @param since log time of its first request
   */
  RequestedGroup(GroupName name, Instant since) {
    this(name, since, System::nanoTime);
  }

  /**
   * @param nanos clock of the ages
   */
  RequestedGroup(GroupName name, Instant since, LongSupplier nanos) {
    this.name = name;
    this.since = since;
    this.nanos = nanos;
  }

  GroupName name() {
    return name;
  }

  /** Log time of the first request. */
  Instant since() {
    return since;
  }

  /** Nanoseconds since this process read the owner of a member. */
  synchronized long claimAgeNanos(MemberSlot slot) {
    Long at = claimedAt.get(slot);
    return at == null ? 0 : nanos.getAsLong() - at;
  }

  /** Applies a record of the topic, in its order. */
  synchronized void apply(RewardRequest request) {
    if (request.getPhase() == RequestPhase.CANCELLED) {
      cancelled = true;
      return;
    }
    if (claims.isEmpty()) {
      arms = List.copyOf(request.getArms());
      samplesPerArm = request.getSamplesPerArm();
    }
    for (RequestedMember member : request.getMembers()) {
      MemberSlot slot = PreparedMember.slot(member);
      Claim before = claims.get(slot);
      Claim after = after(before, member.getHash(), request);
      if (after != null && !after.hasOwnerOf(before)) {
        claimedAt.put(slot, nanos.getAsLong());
      }
      if (after != null) {
        claims.put(slot, after);
      }
    }
  }

  private static @Nullable Claim after(@Nullable Claim claim, String hash, RewardRequest request) {
    return switch (request.getPhase()) {
      case CLAIMED ->
          claim == null
              ? new Claim(hash, request.getGateway(), request.getSequence(), false)
              : claim;
      case TAKEN_OVER ->
          claim != null && !claim.sent() && claim.gateway().equals(request.getPrevious())
              ? new Claim(claim.hash(), request.getGateway(), request.getSequence(), false)
              : claim;
      case SENT ->
          claim != null ? new Claim(claim.hash(), claim.gateway(), claim.sequence(), true) : claim;
      case CANCELLED, ARRIVED, FORMED, UNKNOWN -> claim;
    };
  }

  /** Adds a judgement to the progress. */
  synchronized JudgedMember judged(Judgement judgement, long offset) {
    JudgedMember judged =
        new JudgedMember(
            offset,
            judgement.getArm(),
            judgement.getIndex(),
            judgement.getJudge(),
            judgement.getStatus().name(),
            judgement.getError());
    if (progress.size() < MAX_PROGRESS) {
      progress.add(judged);
    }
    return judged;
  }

  /** The judgements after this offset, in order. */
  synchronized List<JudgedMember> progressAfter(long offset) {
    return progress.stream().filter(judged -> judged.offset() > offset).toList();
  }

  /** Members with a judgement. */
  synchronized int judgedMembers() {
    return (int)
        progress.stream()
            .map(judged -> new MemberSlot(judged.arm(), judged.index()))
            .distinct()
            .count();
  }

  /** Members that the group has, in all arms. */
  synchronized int expected() {
    return arms.size() * samplesPerArm;
  }

  /** Whether the group has this shape, or no shape yet. */
  synchronized boolean hasShape(List<String> otherArms, int otherSamplesPerArm) {
    return claims.isEmpty() || (arms.equals(otherArms) && samplesPerArm == otherSamplesPerArm);
  }

  synchronized String shape() {
    return "%d members in each of %s".formatted(samplesPerArm, arms);
  }

  /** The claim of a member; null if it was not submitted. */
  synchronized @Nullable Claim claim(MemberSlot slot) {
    return claims.get(slot);
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  synchronized void close() {
    closed = true;
  }

  synchronized boolean isClosed() {
    return closed;
  }
}
