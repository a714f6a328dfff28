package io.urteil.sampler;

import java.util.Optional;
import java.util.TreeMap;

/** The versions published for one run. Not thread-safe. */
final class RunVersions {

  private final TreeMap<Long, PolicyVersion> versions = new TreeMap<>();

  /**
   * Takes a version in. One of another lineage than the last begins a new line: what the old line
   * has at this number and beyond will never be trained on from here, and is forgotten.
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

  /** The version before this one. */
  Optional<PolicyVersion> before(long number) {
    var entry = versions.lowerEntry(number);
    return entry == null ? Optional.empty() : Optional.of(entry.getValue());
  }
}
