package io.urteil.trainer;

import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.checkpoint.StoredFile;
import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import io.urteil.event.EventLog;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The published checkpoints of one run, in order. Training continues the newest lineage. */
record PublishedVersions(List<Checkpoint> checkpoints) {

  private static final String FIRST_LINEAGE = "lineage-1";

  PublishedVersions {
    checkpoints = List.copyOf(checkpoints);
  }

  /** Reads the topic to its end; committed events only. */
  static PublishedVersions read(Namespace place, String runId) {
    List<Checkpoint> found = new ArrayList<>();
    new EventLog(place)
        .scan(
            Topic.CHECKPOINTS,
            Checkpoint.class,
            logged -> {
              if (runId.equals(logged.key())) {
                found.add(logged.event());
              }
            });
    return new PublishedVersions(found);
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
    return inChain(version).map(checkpoint -> stored(checkpoint).weightsHash());
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
    List<StoredFile> files = new ArrayList<>();
    for (CheckpointFile file : checkpoint.getFiles()) {
      files.add(new StoredFile(file.getName(), file.getSha256(), file.getSize()));
    }
    return new StoredCheckpoint(Path.of(URI.create(checkpoint.getUri())), files);
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
