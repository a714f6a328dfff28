package io.urteil.audit;

import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.checkpoint.DamagedCheckpointException;
import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.checkpoint.StoredFile;
import io.urteil.event.Checkpoint;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    if (checkpoints.stream().noneMatch(checkpoint -> Files.isDirectory(folder(checkpoint)))) {
      checks.note(
          "checkpoint files are not verified: none of the %d folders is on this machine, such as %s"
              .formatted(checkpoints.size(), folder(checkpoints.getLast())));
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
    Path folder = folder(checkpoint);
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

  private static Path folder(Checkpoint checkpoint) {
    return Path.of(URI.create(checkpoint.getUri()));
  }
}
