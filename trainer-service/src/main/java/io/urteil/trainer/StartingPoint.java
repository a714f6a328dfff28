package io.urteil.trainer;

import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetters;
import io.urteil.event.LogPosition;
import io.urteil.event.RecordPosition;
import io.urteil.file.FileRoots;
import io.urteil.model.ModelDirectory;
import io.urteil.trainer.policy.PolicyTrainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The position from which training resumes: the newest intact full checkpoint, or the run's own
 * model if no checkpoint was published.
 *
 * @param resume position on the batches topic; empty for its start
 */
record StartingPoint(PolicyTrainer trainer, long version, Optional<RecordPosition> resume) {

  private static final Logger LOGGER = LoggerFactory.getLogger(StartingPoint.class);

  /**
   * A damaged checkpoint is skipped for an older one, with a dead letter.
   *
   * @param files that events and run files may name
   * @param resumable whether training can resume at this position
   */
  static StartingPoint find(
      String runId,
      TrainingPlan plan,
      TrainerSettings settings,
      PublishedVersions published,
      TrainerEventPublisher log,
      FileRoots files,
      Predicate<RecordPosition> resumable) {
    Path model = files.requireModel("policy.model", plan.model());
    Optional<ModelDirectory> reference =
        plan.objective().needsReference()
            ? Optional.of(VersionFolders.open(referenceFolder(model, published, files)))
            : Optional.empty();
    if (published.isEmpty()) {
      return new StartingPoint(
          PolicyTrainer.load(
              VersionFolders.open(model), reference, plan.optimiser(), settings.compute()),
          0,
          Optional.empty());
    }
    List<Checkpoint> full = published.chain().stream().filter(PublishedVersions::isFull).toList();
    for (Checkpoint checkpoint : full) {
      try {
        if (!resumable.test(RecordPosition.of(checkpoint.getResume()))) {
          throw new IllegalArgumentException(
              "resume: %s (expected: a position of the run's batches)"
                  .formatted(RecordPosition.of(checkpoint.getResume())));
        }
        StoredCheckpoint stored = PublishedVersions.stored(checkpoint, files);
        CheckpointFolder.verify(stored);
        return load(stored, checkpoint, reference, plan, settings);
      } catch (RuntimeException e) {
        passOver(runId, checkpoint, e, log);
      }
    }
    throw new IllegalStateException(
        "run '%s' has %d published full checkpoints and none of them is intact on disk (expected:"
                .formatted(runId, full.size())
            + " at least one); was the data directory moved?");
  }

  private static StartingPoint load(
      StoredCheckpoint stored,
      Checkpoint checkpoint,
      Optional<ModelDirectory> reference,
      TrainingPlan plan,
      TrainerSettings settings) {
    PolicyTrainer trainer =
        PolicyTrainer.load(
            VersionFolders.open(stored.folder()), reference, plan.optimiser(), settings.compute());
    try {
      trainer.restoreOptimiser(stored.folder().resolve(CheckpointFolder.OPTIMISER));
    } catch (RuntimeException e) {
      trainer.close();
      throw e;
    }
    return new StartingPoint(
        trainer, checkpoint.getVersion(), Optional.of(RecordPosition.of(checkpoint.getResume())));
  }

  /** The published version 0, since the run's model directory may have changed. */
  private static Path referenceFolder(Path model, PublishedVersions published, FileRoots files) {
    return published
        .inChain(0)
        .flatMap(checkpoint -> folder(checkpoint, files))
        .filter(Files::isDirectory)
        .orElse(model);
  }

  private static Optional<Path> folder(Checkpoint checkpoint, FileRoots files) {
    try {
      return Optional.of(PublishedVersions.stored(checkpoint, files).folder());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void passOver(
      String runId, Checkpoint checkpoint, RuntimeException damage, TrainerEventPublisher log) {
    LOGGER
        .atWarn()
        .addKeyValue("runId", runId)
        .addKeyValue("policyVersion", checkpoint.getVersion())
        .addKeyValue("error", damage.getMessage())
        .log("skipping damaged checkpoint");
    LogPosition resume = checkpoint.getResume();
    log.add(
        DeadLetters.of(
            Trainer.NAME,
            Trainer.DAMAGED_CHECKPOINT,
            String.valueOf(damage.getMessage()),
            runId,
            resume.getTopic(),
            resume.getPartition(),
            resume.getOffset(),
            runId,
            null,
            Instant.now()));
  }
}
