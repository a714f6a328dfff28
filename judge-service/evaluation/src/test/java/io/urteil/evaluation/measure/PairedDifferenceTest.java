package io.urteil.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.event.JudgementStatus;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {

  private static final PairMeasure DECISIVE = new PairMeasure(PairMeasure.By.DECISIVE, false);

  /** A comparison of an item, with the verdicts of two judges in both orders. */
  record Both(int item, List<Said> first, List<Said> second) {}

  enum Said {
    RIGHT,
    WRONG,
    TIE,
    NOTHING
  }

  @Provide
  Arbitrary<List<Both>> comparisons() {
    Arbitrary<List<Said>> verdicts = Arbitraries.of(Said.class).list().ofSize(2);
    return Combinators.combine(Arbitraries.integers().between(0, 5), verdicts, verdicts)
        .as(Both::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property(tries = 60)
  void shouldChangeItsSignWithTheJudgesAndStayWithinBounds(
      @ForAll("comparisons") List<Both> comparisons, @ForAll @IntRange(max = 9) int seed) {
    // Given
    PairedDifference.Judged first = first(comparisons);
    PairedDifference.Judged second = second(comparisons);

    // When
    PairedDifference one = PairedDifference.of(second, first, DECISIVE, seed);
    PairedDifference other = PairedDifference.of(first, second, DECISIVE, seed);

    // Then
    assertThat(one.difference()).isEqualTo(-other.difference(), within(1e-12));
    assertThat(one.interval().low()).isEqualTo(-other.interval().high(), within(1e-12));
    assertThat(one.interval().high()).isEqualTo(-other.interval().low(), within(1e-12));
    assertThat(one.rightAlone()).isEqualTo(other.otherRightAlone());
    assertThat(one.p()).isEqualTo(other.p());
    assertThat(one.difference()).isBetween(-1.0, 1.0);
    assertThat(one.interval().low()).isBetween(-1.0, one.interval().high());
    assertThat(one.interval().high()).isLessThanOrEqualTo(1.0);
  }

  @Property(tries = 30)
  void shouldBeZeroForIdenticalJudges(@ForAll("comparisons") List<Both> comparisons) {
    // When
    PairedDifference same =
        PairedDifference.of(first(comparisons), first(comparisons), DECISIVE, 1);

    // Then
    assertThat(same.difference()).isZero();
    assertThat(same.interval().low()).isZero();
    assertThat(same.interval().high()).isZero();
    assertThat(same.rightAlone() + same.otherRightAlone()).isZero();
    if (same.p() != null) {
      assertThat(same.p()).isEqualTo(1.0);
    }
  }

  @Property
  void shouldBeAProbabilityThatIsSmallerForMoreUnequalCounts(
      @ForAll @IntRange(max = 60) int b, @ForAll @IntRange(max = 60) int c) {
    // When
    double p = PairedDifference.exactMcNemar(b, c);

    // Then
    assertThat(p).isBetween(0.0, 1.0).isEqualTo(PairedDifference.exactMcNemar(c, b));
    if (b >= c) {
      assertThat(PairedDifference.exactMcNemar(b + 2, c)).isLessThanOrEqualTo(p + 1e-12);
    }
  }

  @Test
  void shouldHaveNoTestWithPartialCreditOrSeveralComparisonsOfAnItem() {
    // Given
    List<Said> right = List.of(Said.RIGHT, Said.RIGHT);
    List<Said> wrong = List.of(Said.WRONG, Said.WRONG);
    List<Said> half = List.of(Said.RIGHT, Said.WRONG);
    List<Both> plain = List.of(new Both(0, wrong, right), new Both(1, right, right));
    List<Both> partial = List.of(new Both(0, half, right), new Both(1, right, right));
    List<Both> clustered = List.of(new Both(0, wrong, right), new Both(0, right, right));

    // Then
    assertThat(difference(plain).p()).isEqualTo(1.0);
    assertThat(difference(plain).difference()).isEqualTo(0.5);
    assertThat(difference(partial).p()).isNull();
    assertThat(difference(partial).rightAlone()).isEqualTo(1);
    assertThat(difference(clustered).p()).isNull();
  }

  @Test
  void shouldRejectJudgesOfDifferentComparisons() {
    // Given
    List<Said> right = List.of(Said.RIGHT, Said.RIGHT);

    // Then
    assertThatThrownBy(
            () ->
                PairedDifference.of(
                    second(List.of(new Both(0, right, right))),
                    first(List.of(new Both(3, right, right))),
                    DECISIVE,
                    1))
        .hasMessage(
            "judges 'second' and 'first': different comparisons (expected: the same in the same"
                + " sequence)");
  }

  private static PairedDifference difference(List<Both> comparisons) {
    return PairedDifference.of(second(comparisons), first(comparisons), DECISIVE, 1);
  }

  private static PairedDifference.Judged first(List<Both> comparisons) {
    List<JudgedComparison> outcomes = new ArrayList<>();
    for (Both both : comparisons) {
      outcomes.add(outcome(outcomes.size(), both.item(), both.first()));
    }
    return new PairedDifference.Judged("first", outcomes);
  }

  private static PairedDifference.Judged second(List<Both> comparisons) {
    List<JudgedComparison> outcomes = new ArrayList<>();
    for (Both both : comparisons) {
      outcomes.add(outcome(outcomes.size(), both.item(), both.second()));
    }
    return new PairedDifference.Judged("second", outcomes);
  }

  private static JudgedComparison outcome(int number, int item, List<Said> said) {
    SequencedMap<CandidateOrder, ComparisonVerdict> rulings = new LinkedHashMap<>();
    rulings.put(CandidateOrder.AB, verdict(said.getFirst()));
    rulings.put(CandidateOrder.BA, verdict(said.getLast()));
    return new JudgedComparison(
        new Comparison(
            "" + number,
            "item " + item,
            "q",
            List.of(Comparison.Candidate.of("a"), Comparison.Candidate.of("b")),
            new Comparison.Gold.Better(Preference.A),
            "all",
            Map.of()),
        rulings);
  }

  private static ComparisonVerdict verdict(Said said) {
    return switch (said) {
      case RIGHT -> ComparisonVerdict.of(Preference.A);
      case WRONG -> ComparisonVerdict.of(Preference.B);
      case TIE -> ComparisonVerdict.of(Preference.TIE);
      case NOTHING -> ComparisonVerdict.without(JudgementStatus.UNPARSEABLE, 2);
    };
  }
}
