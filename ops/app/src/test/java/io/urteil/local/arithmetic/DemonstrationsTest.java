package io.urteil.local.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.local.arithmetic.Demonstrations.Demonstration;
import io.urteil.order.CandidateOrder;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DemonstrationsTest {

  private static final Pattern WELL_FORMED =
      Pattern.compile("<think>([^<]*)</think><answer>([1-9]),([1-9])</answer>");
  private static final int MANY = 20_000;

  @Test
  void shouldDecideAtTheFirstColumnWhereOneCandidateFails() {
    // Given
    ColumnAddition first = new ColumnAddition(new Problem(439, 496, 933, false));
    ColumnAddition second = new ColumnAddition(new Problem(167, 277, 454, true));

    // When
    first.nextColumn(0);
    second.nextColumn(0);
    second.nextColumn(0);

    // Then
    assertThat(first).hasToString("9+6=15A3nB5y");
    assertThat(first.decision()).contains('B');
    assertThat(second).hasToString("7+7=14A4yB4y,6+7+1=14A4yB5n");
    assertThat(second.decision()).contains('A');
  }

  @Test
  void shouldCarryTheSlipIntoTheNextColumn() {
    // Given
    ColumnAddition working = new ColumnAddition(new Problem(167, 272, 449, true));

    // When
    working.nextColumn(1);
    working.nextColumn(0);

    // Then
    assertThat(working).hasToString("7+2=10A9nB9n,6+7+1=14A3nB4y");
    assertThat(working.decision()).contains('B');
  }

  @Property
  void shouldReachTheRightVerdictByWorkingWithoutHabits(@ForAll long seed) {
    // Given
    Demonstration demonstration = new Demonstrations(DemonstrationFaults.NONE, seed).next();

    // When
    Matcher response = WELL_FORMED.matcher(demonstration.response());

    // Then
    char right = demonstration.problem().reference(CandidateOrder.AB);
    assertThat(response.matches()).as(demonstration.response()).isTrue();
    assertThat(response.group(1)).endsWith(";" + right).doesNotContain("~");
    assertThat(verdict(response)).isEqualTo(right);
    assertThat(Math.abs(score(response, 2) - score(response, 3))).isBetween(6, 8);
  }

  @Property
  void shouldNeverDemonstrateAHeldOutProblem(@ForAll long seed) {
    // When
    Demonstration demonstration = new Demonstrations(DemonstrationFaults.IMPERFECT, seed).next();

    // Then
    assertThat(demonstration.problem().isHeldOut()).isFalse();
  }

  @Test
  void shouldHaveTheHabitsInTheSharesThatWereAskedFor() {
    // Given
    DemonstrationFaults habits = new DemonstrationFaults(0.5, 0.2, 0.05, 0.7, 0.06);

    // When
    List<String> responses = responses(habits);

    // Then
    double wellFormed = share(responses, r -> WELL_FORMED.matcher(r).matches());
    double snapped = share(responses, r -> r.startsWith("<think>~"));
    double guessedA =
        share(responses, r -> r.contains("~A")) / share(responses, r -> r.contains("~"));
    assertThat(wellFormed).isCloseTo(0.94, within(0.01));
    assertThat(snapped).isCloseTo(0.5, within(0.015));
    assertThat(guessedA).isCloseTo(0.7, within(0.015));
  }

  @Test
  void shouldGuessWhenOnlyTheUnitsAreWorkedOutAndBothCandidatesAgreeThere() {
    // When
    List<String> responses = responses(new DemonstrationFaults(0, 1, 0, 0.5, 0));

    // Then
    assertThat(responses)
        .allSatisfy(r -> assertThat(r).matches("<think>[^,]*</think><answer>.,.</answer>"));
    assertThat(share(responses, r -> r.contains(";~"))).isBetween(0.4, 0.8);
  }

  @Test
  void shouldOftenBeWrongWhenEveryColumnSlips() {
    // Given
    Demonstrations demonstrations = new Demonstrations(new DemonstrationFaults(0, 0, 1, 0.5, 0), 3);

    // When
    long right =
        Stream.generate(demonstrations::next)
            .limit(MANY)
            .filter(DemonstrationsTest::isRight)
            .count();

    // Then
    assertThat(right / (double) MANY).isLessThan(0.6);
  }

  @Test
  void shouldRefuseHabitsThatAreNoProbabilities() {
    // When // Then
    assertThatThrownBy(() -> new DemonstrationFaults(0.7, 0.4, 0, 0.5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("snap + unitsOnly: 1.1 (expected: 0 to 1)");
    assertThatThrownBy(() -> new DemonstrationFaults(0, 0, Double.NaN, 0.5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("slip: NaN (expected: 0 to 1)");
  }

  private static List<String> responses(DemonstrationFaults habits) {
    Demonstrations demonstrations = new Demonstrations(habits, 11);
    return Stream.generate(demonstrations::next).limit(MANY).map(d -> d.response()).toList();
  }

  private static boolean isRight(Demonstration demonstration) {
    Matcher response = WELL_FORMED.matcher(demonstration.response());
    return response.matches()
        && verdict(response) == demonstration.problem().reference(CandidateOrder.AB);
  }

  private static double share(List<String> responses, Predicate<String> wanted) {
    return responses.stream().filter(wanted).count() / (double) responses.size();
  }

  private static char verdict(Matcher response) {
    return score(response, 2) > score(response, 3) ? 'A' : 'B';
  }

  private static int score(Matcher response, int group) {
    return Integer.parseInt(response.group(group));
  }
}
