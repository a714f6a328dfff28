package io.urteil.local.score;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.OutcomeMember;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Statistics of a scoring session, updated as groups close. Not thread-safe. */
final class ScoreStatistics {

  private long groups;
  private long complete;
  private long rollouts;
  private long unscored;
  private final List<Disagreement> disagreements = new ArrayList<>();
  private final SortedMap<String, Long> reasons = new TreeMap<>();
  private final SortedMap<String, double[]> sumAndCountByModel = new TreeMap<>();

  /**
   * A response whose judgement differs from the recorded one.
   *
   * @param ordinal number of the line in the input, from 0
   * @param recorded whether the file records the response as correct
   * @param reward the reward of the run's rule
   */
  record Disagreement(
      long ordinal,
      String model,
      boolean recorded,
      double reward,
      String reference,
      String response) {}

  void add(GroupOutcome outcome, ScoreLine line) {
    groups++;
    complete += outcome.getStatus() == GroupStatus.COMPLETE ? 1 : 0;
    for (OutcomeMember member : outcome.getMembers()) {
      ScoreLine.Response response = line.responses().get(member.getIndex());
      rollouts += member.getRollout() == null ? 0 : 1;
      Double reward = member.getReward();
      if (reward == null) {
        unscored++;
        String reason = member.getReason();
        reasons.merge(
            reason == null ? String.valueOf(member.getRewardStatus()) : reason, 1L, Long::sum);
        continue;
      }
      double[] sumAndCount =
          sumAndCountByModel.computeIfAbsent(response.model(), model -> new double[2]);
      sumAndCount[0] += reward;
      sumAndCount[1]++;
      Boolean recorded = response.recorded();
      if (recorded != null && recorded != Boolean.TRUE.equals(member.getRight())) {
        disagreements.add(
            new Disagreement(
                outcome.getOrdinal(),
                response.model(),
                recorded,
                reward,
                String.valueOf(line.reference()),
                response.text()));
      }
    }
  }

  /** Why responses have no reward, with their number. */
  SortedMap<String, Long> reasons() {
    return new TreeMap<>(reasons);
  }

  /** The disagreements in the order of the input. */
  @JsonIgnore
  List<Disagreement> disagreements() {
    return disagreements.stream()
        .sorted(
            java.util.Comparator.comparingLong(Disagreement::ordinal)
                .thenComparing(Disagreement::model))
        .toList();
  }

  ScoreReport report(double seconds) {
    SortedMap<String, Double> means = new TreeMap<>();
    sumAndCountByModel.forEach((model, both) -> means.put(model, both[0] / both[1]));
    return new ScoreReport(
        groups,
        complete,
        rollouts,
        unscored,
        seconds,
        seconds <= 0 ? 0 : rollouts / seconds,
        disagreements.size(),
        means);
  }
}
