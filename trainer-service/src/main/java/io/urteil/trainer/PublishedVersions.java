package io.urteil.trainer;

import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.checkpoint.StoredFile;
import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventLog;
import io.urteil.event.LoggedEvent;
import io.urteil.event.Namespace;
import io.urteil.event.PartitionBounds;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import io.urteil.file.FileRoots;
import io.urteil.history.CheckpointHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The published checkpoints of one run, in order. Training continues the newest lineage. */
record PublishedVersions(List<Checkpoint> checkpoints) {

  private static final String FIRST_LINEAGE = "lineage-1";

  PublishedVersions {
    checkpoints = List.copyOf(checkpoints);
  }

  /**
   * Reads the topic to its end; committed events only. An event that cannot be a version of the run
   * is left out.
   *
   * @param refused receives a dead letter for each of these, and for each whose URI is not a folder
   *     of this process
   */
  static PublishedVersions read(Namespace place, String runId, Consumer<DeadLetter> refused) {
    List<Checkpoint> found = new ArrayList<>();
    CheckpointHistory history =
        new CheckpointHistory(PartitionBounds.of(place).deleted(Topic.CHECKPOINTS.in(place)) > 0);
    new EventLog(place)
        .scan(
            Topic.CHECKPOINTS,
            Checkpoint.class,
            logged -> {
              if (runId.equals(logged.key())) {
                Optional<String> problem = history.add(logged.event());
                if (problem.isEmpty()) {
                  found.add(logged.event());
                }
                problem
                    .or(() -> unreachable(place.files(), logged.event()))
                    .ifPresent(reason -> refused.accept(letter(runId, logged, reason)));
              }
            });
    return new PublishedVersions(found);
  }

  private static Optional<String> unreachable(FileRoots files, Checkpoint checkpoint) {
    try {
      files.requireUri("uri", checkpoint.getUri());
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static DeadLetter letter(String runId, LoggedEvent<Checkpoint> logged, String reason) {
    RecordPosition position = logged.position();
    return DeadLetters.of(
        Trainer.NAME,
        CheckpointHistory.INVALID_CHECKPOINT,
        "Checkpoint of version %d: %s".formatted(logged.event().getVersion(), reason),
        runId,
        position.topic(),
        position.partition(),
        position.offset(),
        logged.key(),
        null,
        Instant.now());
  }

  boolean isEmpty() {
    return checkpoints.isEmpty();
  }

  /** The lineage of the newest checkpoint, or of the first one to come. */
  String lineage() {
    return isEmpty() ? FIRST_LINEAGE : checkpoints.getLast().getLineage();
  }

  /** An unused lineage. */
  String nextLineage() {
    return "lineage-" + (lineages().size() + 1);
  }

  /** Newest version; -1 if there is none. */
  long head() {
    return isEmpty() ? -1 : checkpoints.getLast().getVersion();
  }

  /** The current lineage's versions and, below its first, its parents', newest first. */
  List<Checkpoint> chain() {
    List<Checkpoint> chain = new ArrayList<>();
    for (Checkpoint checkpoint : checkpoints.reversed()) {
      Checkpoint child = chain.isEmpty() ? null : chain.getLast();
      if (child == null || isParent(checkpoint, child)) {
        chain.add(checkpoint);
      }
    }
    return chain;
  }

  /** Hash of the weights of a version of the chain, if it was published. */
  Optional<String> weightsHash(long version) {
    return inChain(version)
        .flatMap(
            checkpoint ->
                checkpoint.getFiles().stream()
                    .filter(file -> file.getName().equals(CheckpointFolder.WEIGHTS))
                    .map(CheckpointFile::getSha256)
                    .findFirst());
  }

  /** Lineage of a version of the chain, if it was published. */
  Optional<String> lineageAt(long version) {
    return inChain(version).map(Checkpoint::getLineage);
  }

  /** The chain's checkpoint of this version. */
  Optional<Checkpoint> inChain(long version) {
    return chain().stream().filter(checkpoint -> checkpoint.getVersion() == version).findFirst();
  }

  Set<String> lineages() {
    return checkpoints.stream()
        .map(Checkpoint::getLineage)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Versions of one lineage. */
  Set<Long> versions(String lineage) {
    return checkpoints.stream()
        .filter(checkpoint -> checkpoint.getLineage().equals(lineage))
        .map(Checkpoint::getVersion)
        .collect(Collectors.toSet());
  }

  /** The highest version that may come next in a lineage, which may be a new one. */
  long next(String lineage) {
    return versions(lineage).stream().mapToLong(version -> version).max().orElse(head()) + 1;
  }

  /** The files on disk, by the event. */
  static StoredCheckpoint stored(Checkpoint checkpoint) {
    return stored(checkpoint, FileRoots.any());
  }

  /**
   * The files on disk, by the event.
   *
   * @throws IllegalArgumentException if the URI is not a folder of this process
   */
  static StoredCheckpoint stored(Checkpoint checkpoint, FileRoots roots) {
    List<StoredFile> files = new ArrayList<>();
    for (CheckpointFile file : checkpoint.getFiles()) {
      files.add(new StoredFile(file.getName(), file.getSha256(), file.getSize()));
    }
    return new StoredCheckpoint(roots.requireUri("uri", checkpoint.getUri()), files);
  }

  /** Whether training can resume from a version. */
  static boolean isFull(Checkpoint checkpoint) {
    return checkpoint.getFull()
        && checkpoint.getResume() != null
        && checkpoint.getFiles().stream()
            .anyMatch(file -> file.getName().equals(CheckpointFolder.OPTIMISER));
  }

  private static boolean isParent(Checkpoint candidate, Checkpoint child) {
    Long parent = child.getParent();
    String lineage =
        child.getParentLineage() == null ? child.getLineage() : child.getParentLineage();
    return parent != null
        && candidate.getVersion() == parent
        && candidate.getLineage().equals(lineage);
  }
}
