package io.urteil.bench.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What a soak is made of.
 *
 * @param duration how long processes are killed; draining comes on top
 * @param seed of prompts, sampling and kills
 * @param groupsPerSecond prompts published a second, at least above 0
 * @param meanPause mean time between a trained batch after one kill and the next kill
 * @param judges judge worker processes, at least 1
 * @param samplers sampler processes, at least 1
 * @param victims kinds of processes that are killed, at least one
 * @param directory everything that is written goes here
 */
public record ChaosSettings(
    Duration duration,
    long seed,
    double groupsPerSecond,
    Duration meanPause,
    int judges,
    int samplers,
    Set<KillTarget> victims,
    Path directory) {

  public ChaosSettings {
    require(duration.isPositive(), "minutes", duration.toSeconds() / 60.0, "above 0");
    require(
        groupsPerSecond > 0 && groupsPerSecond <= 1_000,
        "groups-per-second",
        groupsPerSecond,
        "above 0, at most 1000");
    require(meanPause.isPositive(), "pause", meanPause.toMillis() / 1e3, "above 0");
    require(judges >= 1, "judges", judges, "at least 1");
    require(samplers >= 1, "samplers", samplers, "at least 1");
    require(!victims.isEmpty(), "kill", victims, "at least one kind");
    victims = Set.copyOf(victims);
    directory = directory.toAbsolutePath().normalize();
  }

  private static void require(boolean good, String name, Object value, String expectation) {
    if (!good) {
      throw new IllegalArgumentException(
          "--%s: %s (expected: %s)".formatted(name, value, expectation));
    }
  }
}
