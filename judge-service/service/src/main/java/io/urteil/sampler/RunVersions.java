package io.urteil.sampler;

import java.util.Optional;
import java.util.TreeMap;

/** The published versions of one run. Not thread-safe. */
final class RunVersions {

  private final TreeMap<Long, PolicyVersion> versions = new TreeMap<>();

  /**
   * Adds a version. A version of a new lineage replaces the versions of the old lineage with the
   * same or a higher number, because training does not continue from these.
   */
  void add(PolicyVersion version) {
    PolicyVersion before = versions.get(version.number());
    if (before != null && !before.lineage().equals(version.lineage())) {
      versions.tailMap(version.number(), true).clear();
    }
    versions.put(version.number(), version);
  }

  /** The version of this number. */
  Optional<PolicyVersion> find(long number) {
    return Optional.ofNullable(versions.get(number));
  }

  /** The newest version. */
  Optional<PolicyVersion> newest() {
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions.lastEntry().getValue());
  }

  /** The newest version below this number. */
  Optional<PolicyVersion> before(long number) {
    var entry = versions.lowerEntry(number);
    return entry == null ? Optional.empty() : Optional.of(entry.getValue());
  }
}
