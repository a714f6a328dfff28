package io.urteil.audit;

import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.checkpoint.DamagedCheckpointException;
import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.checkpoint.StoredFile;
import io.urteil.event.Checkpoint;
import io.urteil.file.FileRoots;
import io.urteil.history.CheckpointHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Verifies the files of every checkpoint on this machine against the hashes in the topics. */
final class FileChecks {

  private final RecordedRun run;
  private final Checks checks;

  FileChecks(RecordedRun run, Checks checks) {
    this.run = run;
    this.checks = checks;
  }

  void check() {
    List<Checkpoint> checkpoints = run.checkpoints().stream().map(RecordedEvent::event).toList();
    if (checkpoints.isEmpty()) {
      return;
    }
    if (checkpoints.stream()
        .noneMatch(checkpoint -> folder(checkpoint).filter(Files::isDirectory).isPresent())) {
      checks.note(
          "checkpoint files are not verified: none of the %d folders is on this machine, such as %s"
              .formatted(checkpoints.size(), checkpoints.getLast().getUri()));
      return;
    }
    String lineage = checkpoints.getLast().getLineage();
    long head = checkpoints.getLast().getVersion();
    long keptFrom = head - run.newest().checkpoint().keep() + 1;
    for (Checkpoint checkpoint : checkpoints) {
      boolean kept = checkpoint.getLineage().equals(lineage) && checkpoint.getVersion() >= keptFrom;
      check(checkpoint, kept);
    }
  }

  private void check(Checkpoint checkpoint, boolean kept) {
    String about = "version " + checkpoint.getVersion() + " of " + checkpoint.getLineage();
    Optional<String> impossible = CheckpointHistory.impossible(checkpoint);
    Path folder = folder(checkpoint).orElse(null);
    if (folder == null || impossible.isPresent()) {
      checks.report(
          AuditFinding.Kind.CHECKPOINT_DAMAGED,
          about,
          "%s",
          impossible.orElse("uri: no folder (expected: a file URI)"));
      return;
    }
    if (!Files.isDirectory(folder)) {
      if (kept) {
        checks.report(
            AuditFinding.Kind.CHECKPOINT_MISSING,
            about,
            "has no folder %s (expected: the run keeps its newest %d)",
            folder,
            run.newest().checkpoint().keep());
      } else {
        checks.count("pruned", 1);
      }
      return;
    }
    checks.count("files", checkpoint.getFiles().size());
    try {
      CheckpointFolder.verify(
          new StoredCheckpoint(
              folder,
              checkpoint.getFiles().stream()
                  .map(file -> new StoredFile(file.getName(), file.getSha256(), file.getSize()))
                  .toList()));
    } catch (DamagedCheckpointException e) {
      checks.report(
          AuditFinding.Kind.CHECKPOINT_DAMAGED, about, "%s", String.valueOf(e.getMessage()));
    }
  }

  /** The folder that an event names; empty if it names none. */
  private static Optional<Path> folder(Checkpoint checkpoint) {
    try {
      return Optional.of(FileRoots.any().requireUri("uri", checkpoint.getUri()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
