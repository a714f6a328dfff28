package io.urteil.local.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.order.CandidateOrder;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProblemTest {

  @Test
  void shouldShowBothCandidatesInBothOrders() {
    // Given
    Problem problem = new Problem(439, 496, 933, false);

    // When // Then
    assertThat(problem.prompt(CandidateOrder.AB)).isEqualTo("439+496?A933B935");
    assertThat(problem.prompt(CandidateOrder.BA)).isEqualTo("439+496?A935B933");
    assertThat(problem.reference(CandidateOrder.AB)).isEqualTo('B');
    assertThat(problem.reference(CandidateOrder.BA)).isEqualTo('A');
  }

  @Property
  void shouldReferToTheCandidateThatIsTheSum(@ForAll long seed, @ForAll boolean swapped) {
    // Given
    Problem problem = ProblemGenerator.draw(new Random(seed), false);
    CandidateOrder order = swapped ? CandidateOrder.BA : CandidateOrder.AB;

    // When
    String prompt = problem.prompt(order);

    // Then
    int augend = Integer.parseInt(prompt, 0, 3, 10);
    int addend = Integer.parseInt(prompt, 4, 7, 10);
    int candidateA = Integer.parseInt(prompt, 9, 12, 10);
    int candidateB = Integer.parseInt(prompt, 13, 16, 10);
    assertThat(prompt).matches("\\d{3}\\+\\d{3}\\?A\\d{3}B\\d{3}");
    assertThat(augend + addend)
        .isEqualTo(problem.reference(order) == 'A' ? candidateA : candidateB);
    assertThat(candidateA).isNotEqualTo(candidateB);
  }

  @Property
  void shouldDrawFromTheSideOfTheSplitThatIsAskedFor(@ForAll long seed, @ForAll boolean heldOut) {
    // When
    Problem problem = ProblemGenerator.draw(new Random(seed), heldOut);

    // Then
    assertThat(problem.isHeldOut()).isEqualTo(heldOut);
  }

  @Property
  void shouldMissByOneDigitOrBySwappingNeighbours(@ForAll long seed) {
    // When
    Problem problem = ProblemGenerator.draw(new Random(seed), false);

    // Then
    String sum = Integer.toString(problem.sum());
    String wrong = Integer.toString(problem.wrong());
    long differing =
        Stream.of(0, 1, 2).filter(place -> sum.charAt(place) != wrong.charAt(place)).count();
    boolean sameDigits =
        sum.chars().sorted().boxed().toList().equals(wrong.chars().sorted().boxed().toList());
    assertThat(differing == 1 || (differing == 2 && sameDigits)).as(sum + " " + wrong).isTrue();
  }

  @Test
  void shouldHoldOutATenthOfAllOperands() {
    // When
    long heldOut = 0;
    for (int augend = 100; augend < 500; augend++) {
      for (int addend = 100; addend < 500; addend++) {
        heldOut += ProblemGenerator.isHeldOut(augend, addend) ? 1 : 0;
      }
    }

    // Then
    assertThat(heldOut / 160_000.0).isBetween(0.09, 0.11);
  }

  @Test
  void shouldRefuseAWrongCandidateThatIsRight() {
    // When // Then
    assertThatThrownBy(() -> new Problem(200, 300, 500, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("wrong: 500 (expected: not the sum of 200 and 300)");
  }

  @Test
  void shouldRefuseOperandsThatWouldMakeALongerPrompt() {
    // When // Then
    assertThatThrownBy(() -> new Problem(500, 300, 801, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("augend: 500 (expected: 100 to 499)");
  }
}
