package io.urteil.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.bench.process.KillTarget;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KillPlanTest {

  private static final Duration MEAN = Duration.ofSeconds(4);
  private static final Set<KillTarget> ALL = EnumSet.allOf(KillTarget.class);

  @Test
  void shouldGiveEveryKindItsShareWhenSixtyAreKilled() {
    // Given
    KillPlan plan = new KillPlan(7, MEAN, ALL);

    // When
    List<KillTarget> killed = Stream.generate(plan::next).limit(60).toList();

    // Then
    assertThat(killed).filteredOn(victim -> victim == KillTarget.JUDGE).hasSize(36);
    assertThat(killed).filteredOn(victim -> victim == KillTarget.SAMPLER).hasSize(12);
    assertThat(killed).filteredOn(victim -> victim == KillTarget.TOPOLOGY).hasSize(6);
    assertThat(killed).filteredOn(victim -> victim == KillTarget.TRAINER).hasSize(4);
    assertThat(killed).filteredOn(victim -> victim == KillTarget.BROKER).hasSize(2);
  }

  @Test
  void shouldSpareTheOthersWhenOnlySomeKindsAreKilled() {
    // Given
    KillPlan plan = new KillPlan(7, MEAN, EnumSet.of(KillTarget.TOPOLOGY, KillTarget.BROKER));

    // When
    List<KillTarget> killed = Stream.generate(plan::next).limit(8).toList();

    // Then
    assertThat(killed).containsOnly(KillTarget.TOPOLOGY, KillTarget.BROKER);
    assertThat(killed).filteredOn(victim -> victim == KillTarget.BROKER).hasSize(2);
  }

  @Test
  void shouldRepeatItselfWhenTheSeedIsTheSameAndDifferOtherwise() {
    // When
    List<String> once = lived(7);

    // Then
    assertThat(lived(7)).isEqualTo(once);
    assertThat(lived(8)).isNotEqualTo(once);
  }

  @Test
  void shouldPauseBetweenAFifthAndNineFifthsOfTheMean() {
    // Given
    KillPlan plan = new KillPlan(3, MEAN, ALL);

    // When
    List<Duration> pauses = Stream.generate(plan::pause).limit(1_000).toList();

    // Then
    assertThat(pauses)
        .allSatisfy(
            pause -> assertThat(pause).isBetween(Duration.ofMillis(800), Duration.ofMillis(7_200)));
    assertThat(pauses.stream().mapToLong(Duration::toMillis).average().orElseThrow())
        .isBetween(3_600.0, 4_400.0);
  }

  private static List<String> lived(long seed) {
    KillPlan plan = new KillPlan(seed, MEAN, ALL);
    return Stream.generate(() -> plan.pause() + " " + plan.next() + " " + plan.pick(3))
        .limit(40)
        .toList();
  }
}
