package io.urteil.checkpoint;

import io.urteil.model.DecoderConfig;
import io.urteil.model.safetensors.TensorData;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What goes into a checkpoint folder.
 *
 * @param weights by Hugging Face name
 * @param companions files copied beside the weights as they are, such as tokenizer.json
 * @param training what training needs to go on; without it the checkpoint is weights only
 */
public record CheckpointContent(
    DecoderConfig config,
    SequencedMap<String, TensorData> weights,
    List<Path> companions,
    Optional<Training> training) {

  public CheckpointContent {
    companions = List.copyOf(companions);
  }

  /**
   * @param optimiser moments and steps by parameter
   */
  public record Training(SequencedMap<String, TensorData> optimiser, TrainerState state) {}
}
