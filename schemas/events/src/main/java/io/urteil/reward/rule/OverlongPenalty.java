package io.urteil.reward.rule;

import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardPart;
import io.urteil.reward.RewardResult;
import io.urteil.reward.RewardRule;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * DAPO's soft overlong punishment (arXiv 2503.14476, equation 13) in addition to another rule, as
 * verl codes it: for a text of n tokens, maximum L, buffer B,
 *
 * <pre>
 * 0                           if n <= L - B
 * -factor (n - (L - B)) / B   up to L
 * -factor                     from L on
 * </pre>
 *
 * It is the named part {@code overlong} of each reward.
 */
public record OverlongPenalty(RewardRule base, Overlong overlong) implements RewardRule {

  /** The penalty of a rule; null for none. */
  static @Nullable Overlong overlong(RewardRule rule) {
    return rule instanceof OverlongPenalty penalty ? penalty.overlong : null;
  }

  /** A rule without its penalty. */
  static RewardRule base(RewardRule rule) {
    return rule instanceof OverlongPenalty penalty ? penalty.base : rule;
  }

  @Override
  public String rule() {
    return base.rule();
  }

  @Override
  public List<String> judges() {
    return base.judges();
  }

  @Override
  public OverlongPenalty withJudge(String other) {
    return new OverlongPenalty(base.withJudge(other), overlong);
  }

  @Override
  public boolean pairsArms() {
    return base.pairsArms();
  }

  @Override
  public SequencedMap<String, RewardPart> parts() {
    return base.parts();
  }

  @Override
  public void requireInstalled() {
    base.requireInstalled();
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    List<RewardResult> results = base.rewards(group);
    return IntStream.range(0, group.size())
        .mapToObj(place -> penalised(results.get(place), group.get(place)))
        .toList();
  }

  private RewardResult penalised(RewardResult result, JudgedMember member) {
    JudgedMember.Length length = member.rollout();
    return length != null && result instanceof RewardResult.Scored scored
        ? scored.with("overlong", penalty(length.tokens()))
        : result;
  }

  private double penalty(int tokens) {
    double over = tokens - (overlong.maxTokens() - overlong.buffer());
    return over <= 0 ? 0 : -overlong.factor() * Math.min(1, over / overlong.buffer());
  }
}
