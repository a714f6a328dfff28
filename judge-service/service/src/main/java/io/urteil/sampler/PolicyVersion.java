package io.urteil.sampler;

import io.urteil.engine.ModelVersion;
import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import io.urteil.file.FileRoots;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A published policy version, usable or not.
 *
 * @param model the run's model, for the policy stamp of rollouts
 * @param directory of the model files
 * @param files the expected files with sizes and hashes; empty for an untrained model
 * @param record of the checkpoint event, for a dead letter; null for an untrained model
 */
record PolicyVersion(
    String runId,
    String model,
    String lineage,
    long number,
    Path directory,
    List<CheckpointFile> files,
    @Nullable ConsumerRecord<String, byte[]> record) {

  PolicyVersion {
    files = List.copyOf(files);
  }

  /**
   * The version of a checkpoint.
   *
   * @throws IllegalArgumentException if its URI is not a folder of this process
   */
  static PolicyVersion of(
      String model, Checkpoint checkpoint, ConsumerRecord<String, byte[]> record, FileRoots files) {
    return new PolicyVersion(
        checkpoint.getRunId(),
        model,
        checkpoint.getLineage(),
        checkpoint.getVersion(),
        files.requireUri("uri", checkpoint.getUri()),
        checkpoint.getFiles(),
        record);
  }

  /** The only version of a run without training. */
  static PolicyVersion untrained(String runId, Path model) {
    return new PolicyVersion(runId, model.toString(), "", 0, model, List.of(), null);
  }

  /** The key of the version in engine and cache. */
  ModelVersion name() {
    return new ModelVersion(runId, lineage, number);
  }
}
