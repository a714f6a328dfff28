package io.urteil.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * A checkpoint on disk.
 *
 * @param folder a Hugging Face model directory, with the training state if the checkpoint is full
 * @param files by name
 */
public record StoredCheckpoint(Path folder, List<StoredFile> files) {

  public StoredCheckpoint {
    files = List.copyOf(files);
  }

  /** Whether training can resume from here. */
  public boolean full() {
    return files.stream().anyMatch(file -> file.name().equals(CheckpointFolder.OPTIMISER));
  }

  /** The hash that identifies equal weights of two versions. */
  public String weightsHash() {
    return hashOf(CheckpointFolder.WEIGHTS);
  }

  /**
   * @throws IllegalArgumentException when there is no such file
   */
  public String hashOf(String name) {
    return files.stream()
        .filter(file -> file.name().equals(name))
        .findFirst()
        .map(StoredFile::sha256)
        .orElseThrow(
            () -> new IllegalArgumentException("no file '%s' in %s".formatted(name, folder)));
  }
}
