package io.urteil.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.urteil.event.OutcomeMember;
import io.urteil.event.RewardStatus;
import io.urteil.event.Verdict;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A member of a closed group.
 *
 * @param reward null if there is none; then {@code status} and {@code reason} explain
 * @param status scored, unscored, abstained, judge_failed, incomplete_pair or missing
 * @param advantage null without a reward
 * @param correct whether the verdict agrees with the reference; null if there is none to compare
 * @param parts named parts of the reward
 * @param verdict of the first judge; null without one
 */
@Schema(description = "A member of a closed group.")
public record MemberAnswer(
    String arm,
    int index,
    @Schema(description = "The reward; null if there is none, never a substitute.", nullable = true)
        @Nullable Double reward,
    @Schema(
            enumeration = {
              "scored",
              "unscored",
              "abstained",
              "judge_failed",
              "incomplete_pair",
              "missing"
            })
        String status,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double advantage,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean correct,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> parts,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable VerdictAnswer verdict) {

  static MemberAnswer of(OutcomeMember member, @Nullable Double advantage) {
    return new MemberAnswer(
        member.getArm(),
        member.getIndex(),
        member.getReward(),
        status(member.getRewardStatus()),
        member.getReason(),
        advantage,
        member.getRight(),
        member.getParts(),
        VerdictAnswer.of(member.getVerdict()));
  }

  /** The name of a status in this API. */
  public static String status(RewardStatus status) {
    return switch (status) {
      case PAID -> "scored";
      case UNPRICED -> "unscored";
      case ABSTAINED -> "abstained";
      case JUDGE_FAILED -> "judge_failed";
      case INCOMPLETE_PAIR -> "incomplete_pair";
      case MISSING -> "missing";
      case UNKNOWN -> "unknown";
    };
  }

  /** A verdict. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record VerdictAnswer(
      List<Double> scores,
      @Nullable String preference,
      @Nullable String label,
      List<Double> probabilities) {

    static @Nullable VerdictAnswer of(@Nullable Verdict verdict) {
      return verdict == null
          ? null
          : new VerdictAnswer(
              verdict.getScores(),
              verdict.getPreference(),
              verdict.getLabel(),
              verdict.getProbabilities());
    }
  }
}
