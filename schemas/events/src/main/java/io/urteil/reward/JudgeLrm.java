package io.urteil.reward;

import io.urteil.event.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * JudgeLRM's reward: the two scores of a judgement, s_1 and s_2, against those of the reference,
 * g_1 and g_2. The paper (arXiv 2504.00050, equations 1 to 5) and the authors' code ({@code
 * judgelrm.py}) differ:
 *
 * <pre>
 *              paper                          code
 * format       1, scores in 1..10             1, scores in 0..10
 * relation     2 if sgn(s1-s2) = sgn(g1-g2)   2 if (s1 >= s2) = (g1 >= g2)
 *              else -1.5                      else -1.5
 * absolute     1 if |s1-g1| + |s2-g2| = 0, 0.6 if it is at most 2 and the relation holds
 * confidence   0.2 if the relation holds and |s1-s2| >= |g1-g2|
 * length       more than longTokens: long; cut off: truncated (the code's base_reward)
 * </pre>
 *
 * Scores out of range have the price {@code badScores}, or that of {@code unparseable}; so has a
 * text whose form holds and whose scores do not. In the code, bad scores come to -2.5 in all, and a
 * bad form to -3.0.
 */
final class JudgeLrm implements RewardRule {

  private static final double NEAR = 2;

  private final RewardSection settings;

  JudgeLrm(RewardSection settings) {
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    return group.stream().map(this::pay).toList();
  }

  private RewardResult pay(JudgedMember member) {
    return VerdictScoring.price(
        member,
        settings,
        "two scores, or its reference has not ('%s')".formatted(member.reference()),
        verdict -> scored(member, verdict));
  }

  private @Nullable RewardResult scored(JudgedMember member, Verdict verdict) {
    List<Double> scores = verdict.getScores();
    Optional<double[]> reference = StructuredReferences.scores(member.reference());
    if (scores.size() != 2 || reference.isEmpty()) {
      return null;
    }
    double s1 = scores.get(0);
    double s2 = scores.get(1);
    double g1 = reference.get()[0];
    double g2 = reference.get()[1];
    if (!inRange(s1) || !inRange(s2)) {
      return VerdictScoring.paid(
          VerdictScoring.UNPARSEABLE,
          settings.priceIfNamed("badScores").orElseGet(() -> settings.price("unparseable")),
          false);
    }
    boolean related =
        settings.is("dialect", "code")
            ? (s1 >= s2) == (g1 >= g2)
            : Math.signum(s1 - s2) == Math.signum(g1 - g2);
    double apart = Math.abs(s1 - g1) + Math.abs(s2 - g2);
    boolean confident = related && Math.abs(s1 - s2) >= Math.abs(g1 - g2);
    SequencedMap<String, Double> parts = new LinkedHashMap<>();
    parts.put("format", settings.price("format"));
    parts.put("relation", settings.price(related ? "relation" : "mismatch"));
    parts.put("absolute", absolute(related, apart));
    parts.put("confidence", confident ? settings.price("confidence") : 0);
    length(member, parts);
    return new RewardResult.Paid(parts, related);
  }

  private double absolute(boolean related, double apart) {
    if (!related || apart > NEAR) {
      return 0;
    }
    return settings.price(apart == 0 ? "exact" : "near");
  }

  private boolean inRange(double score) {
    double least = settings.is("dialect", "code") ? 0 : 1;
    return score >= least && score <= 10 && score == Math.rint(score);
  }

  private void length(JudgedMember member, SequencedMap<String, Double> parts) {
    double longPrice = settings.price("long");
    double truncatedPrice = settings.price("truncated");
    JudgedMember.Length length = member.rollout();
    if (length != null && (longPrice != 0 || truncatedPrice != 0)) {
      parts.put(
          "length",
          (length.tokens() > settings.price("longTokens") ? longPrice : 0)
              + (length.truncated() ? truncatedPrice : 0));
    }
  }
}
