package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StepReportTest {

  @Test
  void shouldCountLagFromTheVersionBeforeTheUpdate() {
    // Given
    List<OptionalLong> versions =
        List.of(OptionalLong.of(5), OptionalLong.of(4), OptionalLong.of(5), OptionalLong.empty());

    // When
    Map<String, Integer> histogram = StepReport.lagHistogram(5, versions);

    // Then
    assertThat(histogram)
        .containsOnly(Map.entry("0", 2), Map.entry("1", 1), Map.entry("unknown", 1));
  }
}
