package io.urteil.topology.group;

import io.urteil.event.FinishReason;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.event.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of one member: its rollout by reference, never its payload, and its judgements.
 *
 * @param rollout null before it arrives; earlier judgements are held
 * @param judgements at most one for each judge and content hash, in order of arrival; with a
 *     rollout, only those of its content
 */
public record MemberState(MemberId id, @Nullable RolledOut rollout, List<Judged> judgements) {

  public MemberState {
    judgements = List.copyOf(judgements);
  }

  /**
   * A rollout without its payload.
   *
   * @param position its position on {@code rollouts}
   * @param trainedTokens number of trained tokens
   * @param responseTokens number of tokens by the policy, for rules about length
   * @param truncated whether it ended at the length limit
   * @param dispatchedAt start of its sampling, in milliseconds since the epoch
   * @param createdAt its creation time
   */
  public record RolledOut(
      RecordPosition position,
      String contentHash,
      @Nullable Long policyVersion,
      int trainedTokens,
      int responseTokens,
      boolean truncated,
      long dispatchedAt,
      long createdAt,
      @Nullable String reference) {

    private static final String POLICY_ROLE = "assistant";

    static RolledOut of(Rollout rollout, RecordPosition position) {
      return new RolledOut(
          position,
          rollout.getContentHash(),
          rollout.getPolicy() == null ? null : rollout.getPolicy().getVersion(),
          rollout.getSegments().stream().mapToInt(RolledOut::trainedTokens).sum(),
          rollout.getSegments().stream().mapToInt(RolledOut::responseTokens).sum(),
          rollout.getFinishReason() == FinishReason.LENGTH,
          rollout.getDispatchedAt().toEpochMilli(),
          rollout.getCreatedAt().toEpochMilli(),
          rollout.getReference());
    }

    private static int responseTokens(Segment segment) {
      return segment.getRole().equals(POLICY_ROLE)
          ? segment.getTokens().remaining() / Integer.BYTES
          : 0;
    }

    private static int trainedTokens(Segment segment) {
      ByteBuffer trained = segment.getTrained();
      int count = 0;
      for (int i = trained.position(); i < trained.limit(); i++) {
        count += trained.get(i) == 0 ? 0 : 1;
      }
      return count;
    }
  }

  /**
   * A judgement without its text and votes.
   *
   * @param position its position on {@code judgements}
   * @param contentHash hash of the judged text
   * @param fault the fault of an unreadable text, if the judge reports it
   * @param createdAt its creation time, in milliseconds since the epoch
   */
  public record Judged(
      RecordPosition position,
      String judge,
      String judgementId,
      String contentHash,
      JudgementStatus status,
      @Nullable Verdict verdict,
      @Nullable String fault,
      long createdAt) {

    static Judged of(Judgement judgement, RecordPosition position) {
      return new Judged(
          position,
          judgement.getJudge(),
          judgement.getJudgementId(),
          judgement.getContentHash(),
          judgement.getStatus(),
          judgement.getVerdict(),
          judgement.getFault(),
          judgement.getCreatedAt().toEpochMilli());
    }

    /** Whether both have the same result for the same text; times and circumstances may differ. */
    boolean isEquivalent(Judged other) {
      return Fingerprint.of(this) == Fingerprint.of(other);
    }
  }

  /** A member without events. */
  public static MemberState unknown(MemberId id) {
    return new MemberState(id, null, List.of());
  }

  /** The judgement of this judge, if the rollout is present and judged by it. */
  public Optional<Judged> by(String judge) {
    return rollout == null
        ? Optional.empty()
        : judgements.stream().filter(judged -> judged.judge().equals(judge)).findFirst();
  }

  boolean isJudgedBy(Collection<String> judges) {
    return judges.stream().allMatch(judge -> by(judge).isPresent());
  }

  /**
   * Whether a judge failed on it, so that only another text can be scored. False for an abstention:
   * its cause is usually in the prompt, and would affect another text too.
   */
  boolean isLost(Collection<String> judges) {
    boolean failed = false;
    for (String judge : judges) {
      JudgementStatus status = by(judge).map(Judged::status).orElse(JudgementStatus.UNKNOWN);
      switch (status) {
        case ABSTAINED -> {
          return false;
        }
        case FAILED, TIMED_OUT -> failed = true;
        case SCORED, UNPARSEABLE, UNKNOWN -> {}
      }
    }
    return failed;
  }

  MemberState with(RolledOut arrived, List<Judged> kept) {
    return new MemberState(id, arrived, kept);
  }

  MemberState with(Judged arrived) {
    List<Judged> all = new ArrayList<>(judgements);
    all.add(arrived);
    return new MemberState(id, rollout, all);
  }
}
