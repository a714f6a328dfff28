package io.urteil.judges.answer;

import io.urteil.event.FinishReason;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.PolicyText;
import io.urteil.run.judge.RuleJudge.Compare;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Labels the most frequent answer of a group {@link AnswerJudge#RIGHT} and all others {@link
 * AnswerJudge#WRONG}; it needs no reference (self-consistency, arXiv 2203.11171; as a reward, TTRL,
 * arXiv 2504.16084). Among equally frequent answers, that of the lowest index wins. The finding's
 * text is the answer and its frequency.
 */
public final class MajorityAnswerJudge implements GroupJudge {

  private final AnswerComparison comparison;

  /** A judge with this comparison. */
  public MajorityAnswerJudge(Compare compare) {
    this.comparison = AnswerComparison.of(compare);
  }

  @Override
  public String version() {
    return "majority-answer/" + comparison.name() + "/2";
  }

  /** An answer and the number of members that gave it. */
  private static final class AnswerCount {
    private final String answer;
    private int members;

    AnswerCount(String answer) {
      this.answer = answer;
    }
  }

  @Override
  public List<Finding> judge(CandidateGroup group) {
    List<AnswerCount> counts = new ArrayList<>();
    List<Optional<AnswerCount>> given = new ArrayList<>();
    for (Rollout candidate : group.candidates()) {
      Optional<AnswerCount> count = answer(candidate).map(answer -> count(answer, counts));
      count.ifPresent(counted -> counted.members++);
      given.add(count);
    }
    int most = counts.stream().mapToInt(count -> count.members).max().orElse(0);
    Optional<AnswerCount> winner =
        counts.stream().filter(count -> count.members == most).findFirst();
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Rollout candidate = group.candidates().get(i);
      Optional<AnswerCount> count = given.get(i);
      findings.add(
          count
              .<Finding>map(one -> scored(one, winner.equals(count), given.size()))
              .orElseGet(() -> new Finding.Unparseable(PolicyText.last(candidate).orElse(""))));
    }
    return findings;
  }

  private AnswerCount count(String answer, List<AnswerCount> counts) {
    for (AnswerCount count : counts) {
      // Both ways: a reference is read more freely than an answer.
      if (comparison.equal(answer, count.answer) && comparison.equal(count.answer, answer)) {
        return count;
      }
    }
    AnswerCount count = new AnswerCount(answer);
    counts.add(count);
    return count;
  }

  private Optional<String> answer(Rollout rollout) {
    boolean cutOff = rollout.getFinishReason() == FinishReason.LENGTH;
    return PolicyText.last(rollout).flatMap(text -> comparison.answer(text, cutOff));
  }

  private static Finding scored(AnswerCount count, boolean right, int members) {
    Verdict verdict =
        Verdict.newBuilder().setLabel(right ? AnswerJudge.RIGHT : AnswerJudge.WRONG).build();
    return new Finding.Scored(
        verdict,
        "%s (%d of %d)".formatted(count.answer, count.members, members),
        new Evidence(List.of(), members - 1, 0, 0));
  }
}
