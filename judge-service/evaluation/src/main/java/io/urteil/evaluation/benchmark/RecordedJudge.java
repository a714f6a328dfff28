package io.urteil.evaluation.benchmark;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A judge that returns recorded verdicts of another judge. It finds them by the columns {@code
 * comparison} and {@code order}, which {@code urteil evaluate} sets in rollouts.
 */
final class RecordedJudge implements GroupJudge {

  private record Key(String comparison, String order) {}

  private final String name;
  private final String sha256;
  private final Map<Key, RecordedVerdicts.Verdict> verdicts = new HashMap<>();

  /**
   * @param name the judge that gave the verdicts
   * @param sha256 SHA-256 of the file with the verdicts
   */
  RecordedJudge(String name, String sha256, List<RecordedVerdicts.Verdict> recorded) {
    this.name = name;
    this.sha256 = sha256;
    recorded.forEach(verdict -> verdicts.put(new Key(verdict.id(), verdict.order()), verdict));
  }

  @Override
  public String version() {
    return "recorded/1 %s %s".formatted(name, sha256);
  }

  @Override
  public List<Finding> judge(CandidateGroup group) throws PermanentFailureException {
    Rollout first = group.candidates().getFirst();
    Key key =
        new Key(column(first, ComparisonEvents.COMPARISON), column(first, ComparisonEvents.ORDER));
    RecordedVerdicts.Verdict verdict = verdicts.get(key);
    if (verdict == null) {
      throw new PermanentFailureException(
          "no recorded verdict of '%s' on comparison '%s' in order %s"
              .formatted(name, key.comparison(), key.order()));
    }
    List<Finding> findings = new ArrayList<>();
    for (int position = 0; position < group.candidates().size(); position++) {
      findings.add(finding(verdict, position, group.candidates().size()));
    }
    return findings;
  }

  private Finding finding(RecordedVerdicts.Verdict verdict, int position, int candidates)
      throws PermanentFailureException {
    String text = verdict.text();
    Evidence evidence = new Evidence(votes(verdict), 0, 0, 0);
    return switch (verdict.status()) {
      case SCORED -> scored(verdict, position, candidates, evidence);
      case UNPARSEABLE -> new Finding.Unparseable(text == null ? "" : text, null, evidence);
      case ABSTAINED -> new Finding.Abstained(text == null ? "as recorded" : text, evidence);
      case FAILED, TIMED_OUT, UNKNOWN ->
          throw new PermanentFailureException(
              "recorded as %s: %s".formatted(verdict.status(), text));
    };
  }

  /** One vote for each order that the recorded judge presented itself. */
  private static List<Vote> votes(RecordedVerdicts.Verdict verdict) {
    List<Integer> presented = CandidateOrder.named(verdict.order()).shown();
    List<Vote> votes = new ArrayList<>();
    verdict
        .readings()
        .forEach(
            (order, reading) -> {
              String positions =
                  CandidateOrder.named(order).shown().stream()
                      .map(candidate -> String.valueOf(presented.indexOf(candidate)))
                      .collect(Collectors.joining(","));
              votes.add(
                  Vote.newBuilder()
                      .setOrder(positions)
                      .setSample(0)
                      .setStatus(reading.status())
                      .setVerdict(
                          reading.status() == JudgementStatus.SCORED
                              ? Verdict.newBuilder().setScores(reading.scores()).build()
                              : null)
                      .build());
            });
    return votes;
  }

  private Finding scored(
      RecordedVerdicts.Verdict verdict, int position, int candidates, Evidence evidence)
      throws PermanentFailureException {
    if (verdict.scores().size() != candidates) {
      throw new PermanentFailureException(
          "comparison '%s': %d recorded scores of '%s' (expected: %d, one per candidate)"
              .formatted(verdict.id(), verdict.scores().size(), name, candidates));
    }
    Verdict.Builder builder =
        Verdict.newBuilder().setScores(List.of(verdict.scores().get(position)));
    if (candidates == 2) {
      int order = Double.compare(verdict.scores().get(0), verdict.scores().get(1));
      Preference preference = order == 0 ? Preference.TIE : order > 0 ? Preference.A : Preference.B;
      builder.setPreference(preference.spelling());
    }
    return new Finding.Scored(builder.build(), verdict.text(), evidence);
  }

  private static String column(Rollout rollout, String name) throws PermanentFailureException {
    String value = rollout.getColumns().get(name);
    if (value == null) {
      throw new PermanentFailureException(
          "rollout of group '%s' has no column '%s' (expected: a comparison of urteil evaluate)"
              .formatted(rollout.getGroupId(), name));
    }
    return value;
  }
}
