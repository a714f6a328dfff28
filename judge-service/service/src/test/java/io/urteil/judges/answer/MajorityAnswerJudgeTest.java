package io.urteil.judges.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.run.judge.RuleJudge.Compare;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MajorityAnswerJudgeTest {

  private final MajorityAnswerJudge judge = new MajorityAnswerJudge(Compare.NUMBER);

  @Test
  void shouldCallTheMostFrequentAnswerRightHoweverItIsWritten() {
    // When
    List<Finding> findings = judge.judge(group("A: 1,000", "The answer is 1000", "A: 999"));

    // Then
    assertThat(labels(findings)).containsExactly("right", "right", "wrong");
    assertThat(((Finding.Scored) findings.getFirst()).text()).isEqualTo("1,000 (2 of 3)");
    assertThat(findings).allSatisfy(f -> assertThat(f.evidence().comparisons()).isEqualTo(2));
  }

  @Test
  void shouldTakeTheAnswerOfTheLowestIndexWhenTwoAreGivenEquallyOften() {
    // When
    List<Finding> findings = judge.judge(group("A: 2", "A: 3", "A: 3", "A: 2"));

    // Then
    assertThat(labels(findings)).containsExactly("right", "wrong", "wrong", "right");
  }

  @Test
  void shouldCountNoVoteOfATextWithoutAnAnswer() {
    // When
    List<Finding> findings = judge.judge(group("none", "nothing", "A: 3"));

    // Then
    assertThat(labels(findings)).containsExactly("unparseable", "unparseable", "right");
  }

  @Test
  void shouldNotPoolAnAnswerWithOneThatLeavesItsValueOpen() {
    // When
    List<Finding> findings = judge.judge(group("A: at least 6", "A: 6", "A: 6"));

    // Then
    assertThat(labels(findings).subList(1, 3)).containsExactly("right", "right");
    assertThat(labels(findings).getFirst()).isNotEqualTo("right");
  }

  private static List<String> labels(List<Finding> findings) {
    return findings.stream()
        .map(
            finding ->
                switch (finding) {
                  case Finding.Scored scored -> String.valueOf(scored.verdict().getLabel());
                  case Finding.Abstained abstained -> "abstained";
                  case Finding.Unparseable unparseable -> "unparseable";
                  case Finding.Failed failed -> "failed";
                })
        .toList();
  }

  private static CandidateGroup group(String... texts) {
    Prompt prompt = TestEvents.prompt(0).build();
    List<Rollout> candidates = new ArrayList<>();
    for (String text : texts) {
      candidates.add(TestEvents.rollout(prompt, "AB", candidates.size(), text).build());
    }
    return new CandidateGroup(prompt.getGroupId(), "AB", candidates);
  }
}
