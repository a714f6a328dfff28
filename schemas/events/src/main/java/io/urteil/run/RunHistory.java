package io.urteil.run;

import io.urteil.event.ContentHash;
import io.urteil.event.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The run files of one run, in the order in which they apply. One run name is one run file: the
 * first one published applies from the first prompt. Another one is ignored unless it names the
 * file that it replaces; then it applies to the groups from its ordinal on. Immutable.
 *
 * @param versions at least one; their ordinals increase
 */
public record RunHistory(List<Version> versions) {

  public RunHistory {
    versions = List.copyOf(versions);
  }

  /**
   * A run file.
   *
   * @param fromOrdinal the first group that it applies to; 0 for the first file
   */
  public record Version(RunFile file, long fromOrdinal) {}

  /** The result of adding a published file: the history after it, or why it is ignored. */
  public sealed interface Added {
    /** The history with the file, or the same one if it contains the file. */
    record Accepted(RunHistory history) implements Added {}

    /** The file has no effect. */
    record Ignored(String reason) implements Added {}
  }

  /** The history that begins with this file. */
  public static RunHistory of(RunFile first) {
    return new RunHistory(List.of(new Version(first, 0)));
  }

  /**
   * Adds a published run file.
   *
   * @param known the history so far; null if this is the first file
   * @throws RunFileException if the file is not valid
   */
  public static Added add(@Nullable RunHistory known, Run event) {
    if (!ContentHash.of(event.getText()).equals(event.getHash())) {
      return new Added.Ignored("hash: not that of the text (expected: its SHA-256)");
    }
    if (known != null) {
      return known.with(event);
    }
    RunFile file = RunFileReader.read(event.getRunId(), event.getText());
    return isNamed(file, event) ? new Added.Accepted(of(file)) : otherName(file, event);
  }

  /** Reads the text only if it can have an effect: a topic may have many that cannot. */
  private Added with(Run event) {
    if (newest().hash().equals(event.getHash())) {
      return new Added.Accepted(this);
    }
    if (event.getReplaces() == null) {
      boolean known =
          versions.stream().anyMatch(version -> version.file().hash().equals(event.getHash()));
      return known ? new Added.Accepted(this) : new Added.Ignored(conflict(event.getHash()));
    }
    if (!event.getReplaces().equals(newest().hash())) {
      return new Added.Ignored(
          "replaces: %s (expected: %s, the newest run file)"
              .formatted(event.getReplaces(), newest().hash()));
    }
    if (event.getFromOrdinal() < versions.getLast().fromOrdinal()) {
      return new Added.Ignored(
          "fromOrdinal: %d (expected: at least %d, where the replaced file begins)"
              .formatted(event.getFromOrdinal(), versions.getLast().fromOrdinal()));
    }
    RunFile file = RunFileReader.read(event.getRunId(), event.getText());
    if (!isNamed(file, event)) {
      return otherName(file, event);
    }
    Optional<String> fixed = newest().changeOfFixedSection(file);
    if (fixed.isPresent()) {
      return new Added.Ignored(fixed.get());
    }
    List<Version> more = new ArrayList<>(versions);
    more.add(new Version(file, event.getFromOrdinal()));
    return new Added.Accepted(new RunHistory(more));
  }

  private static boolean isNamed(RunFile file, Run event) {
    return file.run().equals(event.getRunId());
  }

  private static Added otherName(RunFile file, Run event) {
    return new Added.Ignored(
        "runId: '%s' (expected: '%s', by the run file)".formatted(event.getRunId(), file.run()));
  }

  /** The message about another file of the same run. */
  String conflict(String hash) {
    return "run: '%s' is published with run file %s (expected: this file, not %s; another name; or --replace)"
        .formatted(newest().run(), shortHash(newest().hash()), shortHash(hash));
  }

  private static String shortHash(String hash) {
    return hash.substring(0, Math.min(12, hash.length()));
  }

  /** The newest run file. */
  public RunFile newest() {
    return versions.getLast().file();
  }

  /**
   * The run file of a group.
   *
   * @param ordinal of its prompt; -1 if unknown, for the newest file
   */
  public RunFile at(long ordinal) {
    for (Version version : versions.reversed()) {
      if (ordinal < 0 || ordinal >= version.fromOrdinal()) {
        return version.file();
      }
    }
    return versions.getFirst().file();
  }
}
