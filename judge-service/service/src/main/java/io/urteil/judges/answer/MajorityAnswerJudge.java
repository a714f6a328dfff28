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
 * Calls the answer that most members of a group gave right, and every other wrong: a judge that
 * needs no reference (self-consistency, arXiv 2203.11171; as a reward, TTRL, arXiv 2504.16084). Of
 * answers given equally often the one of the lowest index wins. The finding's text is the answer
 * and how many gave it.
 */
public final class MajorityAnswerJudge implements GroupJudge {

  private final AnswerComparison comparison;

  /** A judge that compares in this way. */
  public MajorityAnswerJudge(Compare compare) {
    this.comparison = AnswerComparison.of(compare);
  }

  @Override
  public String version() {
    return "majority-answer/" + comparison.name() + "/1";
  }

  /** An answer and how many gave it. */
  private static final class Ballot {
    private final String answer;
    private int votes;

    Ballot(String answer) {
      this.answer = answer;
    }
  }

  @Override
  public List<Finding> judge(CandidateGroup group) {
    List<Ballot> ballots = new ArrayList<>();
    List<Optional<Ballot>> given = new ArrayList<>();
    for (Rollout candidate : group.candidates()) {
      Optional<Ballot> ballot = answer(candidate).map(answer -> ballot(answer, ballots));
      ballot.ifPresent(one -> one.votes++);
      given.add(ballot);
    }
    int most = ballots.stream().mapToInt(ballot -> ballot.votes).max().orElse(0);
    Optional<Ballot> winner = ballots.stream().filter(ballot -> ballot.votes == most).findFirst();
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Rollout candidate = group.candidates().get(i);
      Optional<Ballot> ballot = given.get(i);
      findings.add(
          ballot
              .<Finding>map(one -> scored(one, winner.equals(ballot), given.size()))
              .orElseGet(() -> new Finding.Unparseable(PolicyText.last(candidate).orElse(""))));
    }
    return findings;
  }

  private Ballot ballot(String answer, List<Ballot> ballots) {
    for (Ballot ballot : ballots) {
      if (comparison.equal(answer, ballot.answer)) {
        return ballot;
      }
    }
    Ballot ballot = new Ballot(answer);
    ballots.add(ballot);
    return ballot;
  }

  private Optional<String> answer(Rollout rollout) {
    boolean cutOff = rollout.getFinishReason() == FinishReason.LENGTH;
    return PolicyText.last(rollout)
        .flatMap(
            text ->
                comparison
                    .stated(text)
                    .or(() -> cutOff ? Optional.empty() : comparison.unstated(text)))
        .filter(comparison::canRead);
  }

  private static Finding scored(Ballot ballot, boolean right, int members) {
    Verdict verdict =
        Verdict.newBuilder().setLabel(right ? AnswerJudge.RIGHT : AnswerJudge.WRONG).build();
    return new Finding.Scored(
        verdict,
        "%s (%d of %d)".formatted(ballot.answer, ballot.votes, members),
        new Evidence(List.of(), members - 1, 0, 0));
  }
}
