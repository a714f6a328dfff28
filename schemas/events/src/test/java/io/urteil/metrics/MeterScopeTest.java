package io.urteil.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MeterScopeTest {

  private static final MeterDefinition EGGS =
      MeterDefinition.counter("test.eggs", "eggs", "Eggs laid.", "run", "colour");
  private static final MeterDefinition HATCHING =
      MeterDefinition.timer("test.hatching", "Time to hatch.", "run");
  private static final MeterDefinition WEIGHT =
      MeterDefinition.summary("test.weight.grams", "grams", "Weight.", "run");
  private static final MeterDefinition AGE =
      MeterDefinition.gauge("test.age", "seconds", "Age of the oldest.", "run");

  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void shouldRegisterAMeterAsItIsDefined() {
    // Given
    MeterScope scope = new MeterScope(registry);

    // When
    scope.counter(EGGS, "r", "white").increment(3);

    // Then
    var counter = registry.get("urteil.test.eggs").counter();
    assertThat(counter.count()).isEqualTo(3);
    assertThat(counter.getId().getBaseUnit()).isEqualTo("eggs");
    assertThat(counter.getId().getDescription()).isEqualTo("Eggs laid.");
    assertThat(counter.getId().getTags())
        .containsExactlyInAnyOrder(Tag.of("run", "r"), Tag.of("colour", "white"));
  }

  @Test
  void shouldReadSumsThatAreKeptElsewhere() {
    // Given
    MeterScope scope = new MeterScope(registry);

    // When
    scope.counter(EGGS, () -> 7, "r", "brown");
    scope.timer(HATCHING, () -> 2, () -> 3_000_000_000L, "r");
    scope.gauge(AGE, () -> 1.5, "r");
    System.gc();

    // Then
    assertThat(registry.get("urteil.test.eggs").functionCounter().count()).isEqualTo(7);
    var timer = registry.get("urteil.test.hatching").functionTimer();
    assertThat(timer.count()).isEqualTo(2);
    assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
    assertThat(registry.get("urteil.test.age").timeGauge().value(TimeUnit.SECONDS)).isEqualTo(1.5);
  }

  @Test
  void shouldRemoveItsMetersWhenItIsClosed() {
    // Given
    MeterScope scope = new MeterScope(registry);
    MeterScope other = new MeterScope(registry);
    scope.counter(EGGS, "r", "white").increment();
    scope.summary(WEIGHT, "r").record(50);
    scope.lastValue(AGE, "r").set(1);
    other.summary(WEIGHT, "s").record(60);

    // When
    scope.close();

    // Then
    assertThat(registry.getMeters())
        .isNotEmpty()
        .allSatisfy(left -> assertThat(left.getId().getTag("run")).isEqualTo("s"));
  }

  @Test
  void shouldKeepAMeterThatTwoScopesShareUntilBothAreClosed() {
    // Given
    MeterScope one = new MeterScope(registry);
    MeterScope two = new MeterScope(registry);
    one.counter(EGGS, "r", "white").increment();
    two.counter(EGGS, "r", "white").increment();

    // When
    one.close();

    // Then
    assertThat(registry.get("urteil.test.eggs").counter().count()).isEqualTo(2);
    two.close();
    two.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void shouldRefuseTagValuesThatAreNotAsDefined() {
    // Given
    MeterScope scope = new MeterScope(registry);

    // Then
    assertThatThrownBy(() -> scope.counter(EGGS, "r"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tags of urteil.test.eggs: [r] (expected: values for [run, colour])");
  }
}
