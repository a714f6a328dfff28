package io.urteil.local.rejudge;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.urteil.event.JudgementStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The agreement of two judges over the same rollouts. Shares are in 0..1; figures without data are
 * null.
 *
 * @param judged rollouts with a judgement of both judges
 * @param failed judged rollouts for which a judge failed or timed out
 * @param decided judged rollouts with a decision of both judges
 * @param agreement share of the decided rollouts with equal decisions
 * @param kappa Cohen's kappa over the decided rollouts
 * @param flips decided rollouts with readable verdicts of both judges and different decisions
 * @param decisions number of decided rollouts by both decisions, {@code first -> second}
 * @param scoreCorrelation Pearson's r of the scores
 * @param rewards the rewards of both judges, inlined in JSON
 */
public record Agreement(
    long judged,
    long failed,
    long decided,
    @Nullable Double agreement,
    @Nullable Double kappa,
    long flips,
    SortedMap<String, Long> decisions,
    @Nullable Double scoreCorrelation,
    @JsonUnwrapped Rewards rewards) {

  /**
   * Statistics of the rollouts with a reward from both judges.
   *
   * @param rewardPairs number of these rollouts
   * @param rewardCorrelation Pearson's r of the rewards
   * @param rewardRankCorrelation Spearman's rho of the rewards
   * @param meanReward mean reward of the first judge
   * @param otherMeanReward mean reward of the second judge
   */
  public record Rewards(
      long rewardPairs,
      @Nullable Double rewardCorrelation,
      @Nullable Double rewardRankCorrelation,
      @Nullable Double meanReward,
      @Nullable Double otherMeanReward) {

    private static Rewards of(List<double[]> rewardPairs) {
      return new Rewards(
          rewardPairs.size(),
          pearson(rewardPairs),
          pearson(ranks(rewardPairs)),
          mean(rewardPairs, 0),
          mean(rewardPairs, 1));
    }
  }

  /**
   * Computes the agreement of two judges.
   *
   * @param first judgements of the first judge by rollout
   * @param second judgements of the second judge by rollout
   * @param rewards rewards of the first judge by rollout
   * @param otherRewards rewards of the second judge by rollout
   */
  public static Agreement of(
      Map<String, ComparableJudgement> first,
      Map<String, ComparableJudgement> second,
      Map<String, Double> rewards,
      Map<String, Double> otherRewards) {
    long judged = 0;
    long failed = 0;
    long flips = 0;
    SortedMap<String, Long> decisions = new TreeMap<>();
    List<String[]> decided = new ArrayList<>();
    List<double[]> scores = new ArrayList<>();
    for (Map.Entry<String, ComparableJudgement> entry : first.entrySet()) {
      ComparableJudgement one = entry.getValue();
      ComparableJudgement two = second.get(entry.getKey());
      if (two == null) {
        continue;
      }
      judged++;
      failed += one.isFailure() || two.isFailure() ? 1 : 0;
      if (one.score() != null && two.score() != null) {
        scores.add(new double[] {one.score(), two.score()});
      }
      if (one.decision() != null && two.decision() != null) {
        decided.add(new String[] {one.decision(), two.decision()});
        decisions.merge(one.decision() + " -> " + two.decision(), 1L, Long::sum);
        boolean readable =
            one.status() == JudgementStatus.SCORED && two.status() == JudgementStatus.SCORED;
        flips += readable && !one.decision().equals(two.decision()) ? 1 : 0;
      }
    }
    List<double[]> rewardPairs = new ArrayList<>();
    rewards.forEach(
        (rollout, reward) -> {
          Double other = otherRewards.get(rollout);
          if (other != null) {
            rewardPairs.add(new double[] {reward, other});
          }
        });
    return new Agreement(
        judged,
        failed,
        decided.size(),
        decided.isEmpty() ? null : (Double) shareOfEqual(decided),
        kappa(decided),
        flips,
        decisions,
        pearson(scores),
        Rewards.of(rewardPairs));
  }

  private static double shareOfEqual(List<String[]> decided) {
    return decided.stream().filter(pair -> Objects.equals(pair[0], pair[1])).count()
        / (double) decided.size();
  }

  /**
   * kappa = (p_o - p_e) / (1 - p_e), with p_o the share of equal decisions and p_e the expected
   * share for independent judges with these frequencies (Cohen 1960, Educational and Psychological
   * Measurement 20). Null if p_e is 1, because both judges always make the same decision.
   */
  static @Nullable Double kappa(List<String[]> decided) {
    if (decided.isEmpty()) {
      return null;
    }
    Map<String, long[]> frequencies = new HashMap<>();
    for (String[] pair : decided) {
      frequencies.computeIfAbsent(pair[0], d -> new long[2])[0]++;
      frequencies.computeIfAbsent(pair[1], d -> new long[2])[1]++;
    }
    double n = decided.size();
    double byChance = frequencies.values().stream().mapToDouble(f -> (f[0] / n) * (f[1] / n)).sum();
    return byChance >= 1 ? null : (Double) ((shareOfEqual(decided) - byChance) / (1 - byChance));
  }

  /** Pearson's r; null for fewer than two pairs, or if one side is constant. */
  static @Nullable Double pearson(List<double[]> pairs) {
    Double meanX = mean(pairs, 0);
    Double meanY = mean(pairs, 1);
    if (pairs.size() < 2 || meanX == null || meanY == null) {
      return null;
    }
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (double[] pair : pairs) {
      double x = pair[0] - meanX;
      double y = pair[1] - meanY;
      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
    return xx == 0 || yy == 0 ? null : (Double) (xy / Math.sqrt(xx * yy));
  }

  /** The ranks of the values, from 0; ties get the mean of their ranks. */
  static List<double[]> ranks(List<double[]> pairs) {
    double[] x = ranks(pairs, 0);
    double[] y = ranks(pairs, 1);
    return IntStream.range(0, pairs.size()).mapToObj(i -> new double[] {x[i], y[i]}).toList();
  }

  private static double[] ranks(List<double[]> pairs, int side) {
    List<Integer> order =
        IntStream.range(0, pairs.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pairs.get(i)[side]))
            .toList();
    double[] ranks = new double[pairs.size()];
    for (int from = 0; from < order.size(); ) {
      int to = from;
      while (to < order.size()
          && pairs.get(order.get(to))[side] == pairs.get(order.get(from))[side]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order.get(i)] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  private static @Nullable Double mean(List<double[]> pairs, int side) {
    return pairs.isEmpty()
        ? null
        : (Double) (pairs.stream().mapToDouble(pair -> pair[side]).sum() / pairs.size());
  }
}
