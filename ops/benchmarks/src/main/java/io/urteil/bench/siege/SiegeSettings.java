package io.urteil.bench.siege;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Settings of a siege.
 *
 * @param duration time under attack
 * @param seed of prompts, sampling, attacks and disturbances
 * @param groupsPerSecond prompts of the honest run
 * @param attacksPerSecond hostile records
 * @param directory data and logs of the processes
 */
public record SiegeSettings(
    Duration duration, long seed, double groupsPerSecond, double attacksPerSecond, Path directory) {

  public SiegeSettings {
    require(duration.isPositive(), "minutes", duration.toSeconds() / 60.0, "above 0");
    require(groupsPerSecond > 0, "groups-per-second", groupsPerSecond, "above 0");
    require(attacksPerSecond >= 0, "attacks-per-second", attacksPerSecond, "at least 0");
    directory = directory.toAbsolutePath().normalize();
  }

  private static void require(boolean good, String name, Object value, String expectation) {
    if (!good) {
      throw new IllegalArgumentException(
          "--%s: %s (expected: %s)".formatted(name, value, expectation));
    }
  }
}
