package io.urteil.trainer;

import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.checkpoint.StoredFile;
import io.urteil.checkpoint.TrainerState;
import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import io.urteil.event.LogPosition;
import io.urteil.event.RecordPosition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checkpoints on disk as events. */
final class CheckpointEvents {

  private static final String TOKENIZER = "tokenizer.json";

  private CheckpointEvents() {}

  /**
   * @param parentLineage lineage of version - 1; null for version 0
   * @param batchIds trained since the parent
   */
  static Checkpoint of(
      String runId,
      String objective,
      TrainerState state,
      StoredCheckpoint stored,
      @Nullable String parentLineage,
      List<String> batchIds,
      Map<String, Double> metrics) {
    return Checkpoint.newBuilder()
        .setRunId(runId)
        .setVersion(state.version())
        .setLineage(state.lineage())
        .setParent(state.version() == 0 ? null : state.version() - 1)
        .setParentLineage(state.lineage().equals(parentLineage) ? null : parentLineage)
        .setObjective(objective)
        .setUri(stored.folder().toUri().toString())
        .setFiles(stored.files().stream().map(CheckpointEvents::file).toList())
        .setFull(stored.full())
        .setResume(position(state.resume()))
        .setBatchIds(batchIds)
        .setMetrics(metrics)
        .setTokenizerHash(tokenizerHash(stored))
        .setCreatedAt(Instant.now())
        .build();
  }

  private static CheckpointFile file(StoredFile file) {
    return CheckpointFile.newBuilder()
        .setName(file.name())
        .setSha256(file.sha256())
        .setSize(file.size())
        .build();
  }

  private static @Nullable LogPosition position(TrainerState.@Nullable Resume resume) {
    return resume == null
        ? null
        : new RecordPosition(resume.topic(), resume.partition(), resume.offset()).toEvent();
  }

  /** A position as the checkpoint folder stores it. */
  static TrainerState.Resume stored(RecordPosition position) {
    return new TrainerState.Resume(position.topic(), position.partition(), position.offset());
  }

  private static String tokenizerHash(StoredCheckpoint stored) {
    return stored.files().stream()
        .filter(file -> file.name().equals(TOKENIZER))
        .findFirst()
        .map(StoredFile::sha256)
        .orElse("");
  }
}
