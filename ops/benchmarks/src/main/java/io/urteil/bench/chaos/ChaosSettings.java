package io.urteil.bench.chaos;

import io.urteil.bench.process.KillTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * Settings of the chaos benchmark.
 *
 * @param duration time during which processes are killed, without start and drain
 * @param seed seed of prompts, sampling and kills
 * @param groupsPerSecond prompts published per second, above 0 and at most 1000
 * @param meanPause mean pause between the first batch that is trained after a kill and the next
 *     kill
 * @param judges number of judge worker processes, at least 1
 * @param samplers number of sampler processes, at least 1
 * @param victims kinds of processes to kill, at least one
 * @param directory directory of all files
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
