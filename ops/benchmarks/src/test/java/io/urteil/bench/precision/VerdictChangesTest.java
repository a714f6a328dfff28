package io.urteil.bench.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.evaluation.DirectVerdict;
import io.urteil.evaluation.DirectVerdict.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VerdictChangesTest {

  @Test
  void shouldCountWhatChangedAndWhichWay() {
    // Given: the first candidate is the better one
    List<DirectVerdict> first =
        List.of(
            said("1", "AB", Choice.A),
            said("1", "BA", Choice.A),
            said("2", "AB", Choice.B),
            said("2", "BA", Choice.TIE),
            said("3", "AB", Choice.A),
            said("3", "BA", Choice.UNPARSEABLE),
            said("4", "AB", Choice.FAILED),
            said("4", "BA", Choice.A));
    List<DirectVerdict> second =
        List.of(
            said("1", "AB", Choice.A),
            said("1", "BA", Choice.B),
            said("2", "AB", Choice.A),
            said("2", "BA", Choice.A),
            said("3", "AB", Choice.UNPARSEABLE),
            said("3", "BA", Choice.UNPARSEABLE),
            said("4", "AB", Choice.A),
            said("4", "BA", Choice.FAILED));

    // When
    VerdictChanges changes = VerdictChanges.of(first, second);

    // Then
    assertThat(changes.verdicts().comparisons()).isEqualTo(8);
    assertThat(changes.verdicts().failed()).isEqualTo(2);
    assertThat(changes.verdicts().changed()).isEqualTo(4);
    assertThat(changes.verdicts().reversed()).isEqualTo(2);
    assertThat(changes.verdicts().rightToWrong()).isEqualTo(2);
    assertThat(changes.verdicts().wrongToRight()).isEqualTo(2);
    assertThat(changes.verdicts().pairsChanged()).isEqualTo(3);
    assertThat(changes.verdicts().bothOrdersChanged()).isEqualTo(1);
    assertThat(changes.verdicts().textsChanged()).isNull();
    assertThat(changes.scores().scoreChangeMean()).isNull();
    assertThat(changes.changes().stream().map(one -> one.first().pair() + one.first().order()))
        .containsExactly("1BA", "2AB", "2BA", "3AB");
  }

  @Test
  void shouldHoldChangesOfScoresAgainstTheGapOfTheCandidates() {
    // Given
    List<DirectVerdict> first =
        List.of(
            scored("1", "7 3", 7.0, 3.0),
            scored("2", "x", null, null),
            scored("3", "5 4", 5.0, 4.0));
    List<DirectVerdict> second =
        List.of(
            scored("1", "7 4", 7.0, 4.0), scored("2", "x", 1.0, 2.0), scored("3", "5 4", 5.0, 4.0));

    // When
    VerdictChanges changes = VerdictChanges.of(first, second);

    // Then
    assertThat(changes.scores().scoreChangeMean()).isEqualTo(0.25, within(1e-12));
    assertThat(changes.scores().scoreChangeMax()).isEqualTo(1);
    assertThat(changes.scores().scoreGapMean()).isEqualTo(2.5);
    assertThat(changes.verdicts().textsChanged()).isEqualTo(1);
    assertThat(changes.verdicts().bothOrdersChanged()).isNull();
  }

  @Property
  void shouldFindNothingBetweenVerdictsAndThemselves(
      @ForAll @Size(min = 1, max = 40) List<Choice> said) {
    // When
    VerdictChanges changes = VerdictChanges.of(verdicts(said), verdicts(said));

    // Then
    assertThat(changes.verdicts().changed()).isZero();
    assertThat(changes.verdicts().pairsChanged()).isZero();
    assertThat(changes.changes()).isEmpty();
  }

  @Property
  void shouldFindTheSameBothWays(
      @ForAll @Size(40) List<Choice> one, @ForAll @Size(40) List<Choice> other) {
    // When
    VerdictChanges there = VerdictChanges.of(verdicts(one), verdicts(other));
    VerdictChanges back = VerdictChanges.of(verdicts(other), verdicts(one));

    // Then
    assertThat(there.verdicts().changed()).isEqualTo(back.verdicts().changed());
    assertThat(there.verdicts().reversed())
        .isEqualTo(back.verdicts().reversed())
        .isLessThanOrEqualTo(there.verdicts().changed());
    assertThat(there.verdicts().rightToWrong()).isEqualTo(back.verdicts().wrongToRight());
    assertThat(there.verdicts().rightToWrong() + there.verdicts().wrongToRight())
        .isLessThanOrEqualTo(there.verdicts().changed());
    assertThat(there.verdicts().changed() + there.verdicts().failed())
        .isLessThanOrEqualTo(there.verdicts().comparisons());
    int both =
        there.verdicts().bothOrdersChanged() == null ? 0 : there.verdicts().bothOrdersChanged();
    assertThat(there.verdicts().changed()).isEqualTo(there.verdicts().pairsChanged() + both);
  }

  @Test
  void shouldRefuseVerdictsOnOtherComparisons() {
    // Given
    List<DirectVerdict> given = List.of(said("1", "AB", Choice.A));

    // Then
    assertThatThrownBy(() -> VerdictChanges.of(given, List.of()))
        .hasMessage("1 and 0 verdicts (expected: on the same comparisons)");
    assertThatThrownBy(() -> VerdictChanges.of(given, List.of(said("1", "BA", Choice.A))))
        .hasMessage("verdict 0: on '1' AB and on '1' BA (expected: on the same comparison)");
  }

  /** Both orders of one pair after the other. */
  private static List<DirectVerdict> verdicts(List<Choice> said) {
    List<DirectVerdict> verdicts = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      verdicts.add(said("" + i / 2, i % 2 == 0 ? "AB" : "BA", said.get(i)));
    }
    return verdicts;
  }

  private static DirectVerdict said(String pair, String order, Choice said) {
    return new DirectVerdict(
        pair,
        order,
        Choice.A,
        said,
        Arrays.asList(null, null),
        null,
        said == Choice.FAILED ? "x" : null);
  }

  private static DirectVerdict scored(
      String pair, String text, @Nullable Double a, @Nullable Double b) {
    return new DirectVerdict(pair, "AB", Choice.A, Choice.A, Arrays.asList(a, b), text, null);
  }
}
