package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.metrics.MeterDefinition;
import io.urteil.testing.MeterDefinitions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code ops/docs/metrics.md} against the definitions of meters. */
class MetricsDocumentationTest {

  private static final String PAGE = "ops/docs/metrics.md";

  @Test
  void shouldListEveryMeterAsItIsDefined() throws IOException {
    // Given
    List<List<String>> defined =
        MeterDefinitions.all().values().stream().map(MetricsDocumentationTest::row).toList();

    // When
    List<List<String>> rows = DocumentationPage.read(PAGE).table("Meters").rows();

    // Then
    assertThat(defined).hasSizeGreaterThan(30);
    assertThat(rows).containsExactlyElementsOf(defined);
  }

  @Test
  void shouldNameMetersInOneWay() {
    assertThat(MeterDefinitions.all().values())
        .allSatisfy(
            meter -> {
              assertThat(meter.name()).matches("urteil(\\.[a-z]+)+");
              assertThat(meter.tags()).allMatch(tag -> tag.matches("[a-z]+"));
              assertThat(meter.meaning()).endsWith(".").doesNotContain("|");
              if (meter.kind() == MeterDefinition.Kind.COUNTER) {
                assertThat(meter.unit()).as(meter.name()).isNotEmpty();
              }
            });
  }

  private static List<String> row(MeterDefinition meter) {
    return List.of(
        "`" + meter.name() + "`",
        meter.kind().label(),
        meter.unit().isEmpty() ? "–" : meter.unit(),
        String.join(", ", meter.tags().stream().map(tag -> "`" + tag + "`").toList()),
        meter.meaning());
  }
}
