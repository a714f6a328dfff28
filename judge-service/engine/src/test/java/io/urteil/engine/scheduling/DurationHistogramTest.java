package io.urteil.engine.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class DurationHistogramTest {

  @Property
  void shouldGiveTheMedianToAnEighth(
      @ForAll @Size(min = 1, max = 60) List<@LongRange(min = 0, max = 1L << 50) Long> durations) {
    // Given
    DurationHistogram histogram = new DurationHistogram();
    durations.forEach(histogram::add);
    List<Long> sorted = durations.stream().sorted().toList();
    long median = sorted.get((sorted.size() + 1) / 2 - 1);

    // When
    long measured = histogram.quantile(0.5);

    // Then
    assertThat(measured).isBetween(median, median + median / 8);
    assertThat(histogram.largest()).isEqualTo(sorted.getLast());
    assertThat(histogram.quantile(1)).isEqualTo(sorted.getLast());
  }

  @Example
  void shouldHaveNoMedianWithoutDurations() {
    assertThat(new DurationHistogram().quantile(0.5)).isZero();
  }
}
