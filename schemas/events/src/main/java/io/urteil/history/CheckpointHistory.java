package io.urteil.history;

import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The published checkpoints of one run, in the order of the topic. Everyone who may write to the
 * topic can publish an event of this type; this rule decides which of them are versions of the run,
 * for the trainer and for the samplers:
 *
 * <ul>
 *   <li>Number, lineage and names of files are possible ones.
 *   <li>A version follows its parent, which was published before. Version 0 has none, and is
 *       published once. If the start of the topic was deleted, the first event may be of any
 *       version.
 *   <li>A lineage has each version once.
 * </ul>
 *
 * <p>The URI and the content of the files are checked by the component that opens them. Not
 * thread-safe.
 */
public final class CheckpointHistory {

  /** The cause of the dead letter for an event that cannot be a version of its run. */
  public static final String INVALID_CHECKPOINT = "invalid-checkpoint";

  private static final long MAX_VERSION = Integer.MAX_VALUE - 1;
  private static final int MAX_FILES = 1_000;
  private static final String LINEAGE = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
  private static final String FILE = "[^/\\\\\\p{Cntrl}]{1,255}";

  private final boolean truncated;
  private final Map<Version, Checkpoint> known = new HashMap<>();

  private record Version(String lineage, long number) {}

  /**
   * @param truncated whether the first records of the topic were deleted
   */
  public CheckpointHistory(boolean truncated) {
    this.truncated = truncated;
  }

  /**
   * Adds the next checkpoint of the topic.
   *
   * @return the reason for which it is no version of the run, with value and expectation; empty if
   *     it was added, or repeats a known one
   */
  public Optional<String> add(Checkpoint checkpoint) {
    Optional<String> impossible = impossible(checkpoint);
    if (impossible.isPresent()) {
      return impossible;
    }
    Version version = new Version(checkpoint.getLineage(), checkpoint.getVersion());
    Checkpoint same = known.get(version);
    if (same != null) {
      return same.equals(checkpoint)
          ? Optional.empty()
          : Optional.of(
              "version: %d of lineage '%s' is published already (expected: once)"
                  .formatted(version.number(), version.lineage()));
    }
    if (!follows(checkpoint)) {
      return Optional.of(
          "version: %d of lineage '%s' with parent %s (expected: a version whose parent is published)"
              .formatted(version.number(), version.lineage(), checkpoint.getParent()));
    }
    known.put(version, checkpoint);
    return Optional.empty();
  }

  private boolean follows(Checkpoint checkpoint) {
    long number = checkpoint.getVersion();
    if (number == 0) {
      return checkpoint.getParent() == null
          && known.keySet().stream().noneMatch(version -> version.number() == 0);
    }
    if (truncated && known.isEmpty()) {
      return true;
    }
    Long parent = checkpoint.getParent();
    String lineage =
        checkpoint.getParentLineage() == null
            ? checkpoint.getLineage()
            : checkpoint.getParentLineage();
    return parent != null
        && parent == number - 1
        && known.containsKey(new Version(lineage, parent));
  }

  /** Whether this can be the number of a policy version. */
  public static boolean isVersion(long number) {
    return number >= 0 && number <= MAX_VERSION;
  }

  /** The reason for which no run can have this version, whatever was published; else empty. */
  public static Optional<String> impossible(Checkpoint checkpoint) {
    if (!isVersion(checkpoint.getVersion())) {
      return Optional.of(
          "version: %d (expected: from 0 to %d)".formatted(checkpoint.getVersion(), MAX_VERSION));
    }
    if (!checkpoint.getLineage().matches(LINEAGE)) {
      return Optional.of(
          "lineage: a text of %d characters (expected: at most 100 letters, digits, '.', '_' or '-')"
              .formatted(checkpoint.getLineage().length()));
    }
    if (checkpoint.getFiles().size() > MAX_FILES) {
      return Optional.of(
          "files: %d (expected: at most %d)".formatted(checkpoint.getFiles().size(), MAX_FILES));
    }
    Set<String> names = new HashSet<>();
    for (CheckpointFile file : checkpoint.getFiles()) {
      String name = file.getName();
      boolean plain = name.matches(FILE) && !name.equals(".") && !name.equals("..");
      if (!plain || !names.add(name) || file.getSize() < 0) {
        return Optional.of(
            "files: file %d of %d bytes (expected: the name of a file in the folder, once, and its size)"
                .formatted(names.size(), file.getSize()));
      }
    }
    return Optional.empty();
  }
}
