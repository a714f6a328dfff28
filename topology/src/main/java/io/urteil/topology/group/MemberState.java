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
 * What is known of one member: its rollout by reference, never its payload, and its judgements.
 *
 * @param rollout null until it comes; judgements that came before it are held
 * @param judgements at most one for each judge and content hash, in the order in which they came;
 *     once the rollout is there, only those of its content
 */
public record MemberState(MemberId id, @Nullable RolledOut rollout, List<Judged> judgements) {

  public MemberState {
    judgements = List.copyOf(judgements);
  }

  /**
   * A rollout without its payload.
   *
   * @param position where it lies on {@code rollouts}
   * @param trainedTokens tokens that carry gradient
   * @param responseTokens tokens that the policy wrote, for rules about length
   * @param truncated whether it ended because it might not be longer
   * @param dispatchedAt when its sampling began, in milliseconds since the epoch
   * @param createdAt when it was made
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
   * @param position where it lies on {@code judgements}
   * @param contentHash what it judged
   * @param fault what was wrong with a text that could not be read, where the judge says it
   * @param createdAt when it was made, in milliseconds since the epoch
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

    /** Whether both say the same of the same text; when and how they found it may differ. */
    boolean saysTheSame(Judged other) {
      return Fingerprint.of(this) == Fingerprint.of(other);
    }
  }

  /** A member of which nothing is known. */
  public static MemberState unknown(MemberId id) {
    return new MemberState(id, null, List.of());
  }

  /** The judgement of this judge, when the rollout is there and judged by it. */
  public Optional<Judged> by(String judge) {
    return rollout == null
        ? Optional.empty()
        : judgements.stream().filter(judged -> judged.judge().equals(judge)).findFirst();
  }

  boolean isJudgedBy(Collection<String> judges) {
    return judges.stream().allMatch(judge -> by(judge).isPresent());
  }

  /**
   * Whether a judge had to give it up, so that only another text can be paid. Not where a judge
   * abstained: what it abstains for is mostly the prompt's, and another text would meet it too.
   */
  boolean isLost(Collection<String> judges) {
    boolean givenUp = false;
    for (String judge : judges) {
      JudgementStatus status = by(judge).map(Judged::status).orElse(JudgementStatus.UNKNOWN);
      switch (status) {
        case ABSTAINED -> {
          return false;
        }
        case FAILED, TIMED_OUT -> givenUp = true;
        case SCORED, UNPARSEABLE, UNKNOWN -> {}
      }
    }
    return givenUp;
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
