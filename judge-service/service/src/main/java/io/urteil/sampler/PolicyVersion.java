package io.urteil.sampler;

import io.urteil.engine.ModelVersion;
import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A version of a run's policy as published, whether or not it can be opened.
 *
 * @param model the run's model, for the stamp on rollouts
 * @param files what the folder must hold, with hashes; empty when nobody said
 * @param record the event, for a dead letter; null when the version comes from the run file alone
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

  static PolicyVersion of(
      String model, Checkpoint checkpoint, ConsumerRecord<String, byte[]> record) {
    return new PolicyVersion(
        checkpoint.getRunId(),
        model,
        checkpoint.getLineage(),
        checkpoint.getVersion(),
        directory(checkpoint.getUri()),
        checkpoint.getFiles(),
        record);
  }

  /** The model of a run that nobody trains. */
  static PolicyVersion untrained(String runId, Path model) {
    return new PolicyVersion(runId, model.toString(), "", 0, model, List.of(), null);
  }

  /** Its name in the engine and on the shelf. */
  ModelVersion name() {
    return new ModelVersion(runId, lineage, number);
  }

  private static Path directory(String uri) {
    return uri.startsWith("file:") ? Path.of(URI.create(uri)) : Path.of(uri);
  }
}
