package io.urteil.bench.siege;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiegeBenchIT {

  @Test
  @Tag("long")
  void shouldFinishAnHonestRunBesideAMinuteOfAttacks(@TempDir Path directory) throws Exception {
    // Given
    SiegeSettings settings = new SiegeSettings(Duration.ofMinutes(1), 1, 2, 100, directory);

    // When
    SiegeReport report = new SiegeBench(settings, line -> {}).run();

    // Then
    assertThat(report.findings()).isEmpty();
    assertThat(report.isClean()).isTrue();
    assertThat(report.attacks().sent()).isGreaterThan(500);
    assertThat(report.attacks().deadLetters()).isGreaterThan(100);
    assertThat(report.disturbances()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(report.server().requests()).isPositive();
    assertThat(report.server().judgements()).isNotEmpty().doesNotContainKey("SCORED");
  }
}
