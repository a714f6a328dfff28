package io.urteil.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateOrderTest {

  @Property
  void shouldPutValuesBackWhereTheyCameFrom(
      @ForAll @IntRange(min = 2, max = 12) int candidates, @ForAll long seed) {
    // Given
    List<Integer> values = IntStream.range(0, candidates).mapToObj(i -> 7 * i).toList();
    List<Integer> drawn = new ArrayList<>(CandidateOrder.given(candidates).shown());
    Collections.shuffle(drawn, new Random(seed));
    CandidateOrder order = new CandidateOrder(drawn);

    // Then
    assertThat(order.backFrom(order.applyTo(values))).isEqualTo(values);
    assertThat(CandidateOrder.named(order.name())).isEqualTo(order);
  }

  @Test
  void shouldShowTheOrdersThatAreAskedFor() {
    CandidateOrder given = CandidateOrder.given(3);
    CandidateOrder reversed = CandidateOrder.reversed(3);
    CandidateOrder drawn = CandidateOrder.rotated(3, 1);

    assertThat(CandidateOrders.GIVEN.of(3, () -> drawn)).containsExactly(given);
    assertThat(CandidateOrders.SWAPPED.of(3, () -> drawn)).containsExactly(reversed);
    assertThat(CandidateOrders.BOTH.of(3, () -> drawn)).containsExactly(given, reversed);
    assertThat(CandidateOrders.RANDOM.of(3, () -> drawn)).containsExactly(drawn);
    assertThat(List.of(CandidateOrder.AB, CandidateOrder.BA))
        .extracting(CandidateOrder::name)
        .containsExactly("AB", "BA");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "BC", "0,0", "1,2", "0,1,", "-1,0"})
  void shouldRefuseNamesOfNoOrder(String name) {
    assertThatThrownBy(() -> CandidateOrder.named(name))
        .hasMessageStartingWith("order: '" + name + "' (expected: AB, BA, or ");
  }

  @Test
  void shouldLabelCandidatesByLettersThenByNumbers() {
    assertThat(CandidateOrder.label(0)).isEqualTo("A");
    assertThat(CandidateOrder.label(25)).isEqualTo("Z");
    assertThat(CandidateOrder.label(26)).isEqualTo("27");
  }
}
