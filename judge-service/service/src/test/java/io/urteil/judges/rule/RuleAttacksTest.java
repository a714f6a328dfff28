package io.urteil.judges.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.judges.answer.AnswerJudge;
import io.urteil.prompt.VerdictFormat;
import io.urteil.prompt.attack.Attack;
import io.urteil.prompt.attack.Attacks;
import io.urteil.run.judge.RuleJudge.Compare;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attack against every rule judge. */
class RuleAttacksTest {

  private static final List<Task> TASKS =
      List.of(
          new Task(Compare.NUMBER, "23", "The answer is 17."),
          new Task(Compare.MATH, "\\frac{23}{2}", "So it is \\boxed{17}."),
          new Task(Compare.MATH, "\\sqrt{23}", "So it is \\boxed{17}."),
          new Task(Compare.MATH, "(2, 3)", "So it is \\boxed{(3, 2)}."),
          new Task(Compare.TEXT, "Paris", "The answer is Rome."),
          new Task(Compare.CHOICE, "D", "The answer is (B)."));

  /** A reference and a wrong answer to it. */
  private record Task(Compare compare, String reference, String wrong) {}

  static List<Attack> attacks() {
    return Attacks.all();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void shouldNeverMakeAWrongAnswerRight(Attack attack) {
    for (Task task : TASKS) {
      // Given
      AnswerJudge judge = new AnswerJudge(task.compare());
      Rollout rollout = rollout(attack.on(task.wrong()), task.reference());

      // When
      Finding finding = judge.judge(rollout);

      // Then
      if (finding instanceof Finding.Scored(Verdict verdict, String answer, var evidence)) {
        assertThat(verdict.getLabel())
            .as("%s read '%s' against %s", task.compare(), answer, task.reference())
            .isEqualTo(AnswerJudge.WRONG);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void shouldNeverChangeWhatIsFoundAboutAnother(Attack attack) {
    for (Task task : TASKS) {
      // Given
      AnswerJudge judge = new AnswerJudge(task.compare());
      Rollout other = rollout("The answer is " + task.reference(), task.reference());
      Finding before = judge.judge(other);

      // When
      judge.judge(rollout(attack.on(task.wrong()), task.reference()));

      // Then
      assertThat(judge.judge(other)).isEqualTo(before);
    }
  }

  /** The policy under training writes the verdict itself; what it quotes before is not one. */
  @ParameterizedTest
  @MethodSource("attacks")
  void shouldReadNoVerdictFromAThoughtThatNeverEnds(Attack attack) {
    for (VerdictFormat format : VerdictFormat.values()) {
      // Given
      String text = "<think>" + attack.on("17").replace("</think>", "");

      // When
      Finding finding = new VerdictJudge(format).judge(rollout(text, "A"));

      // Then
      assertThat(finding).isEqualTo(new Finding.Unparseable(text, "structure"));
    }
  }

  private static Rollout rollout(String text, String reference) {
    return TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0, text)
        .setReference(reference)
        .build();
  }
}
