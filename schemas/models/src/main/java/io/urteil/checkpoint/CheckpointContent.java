package io.urteil.checkpoint;

import io.urteil.model.DecoderConfig;
import io.urteil.model.safetensors.TensorData;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The content of a checkpoint folder.
 *
 * @param weights by Hugging Face name
 * @param companions files copied unchanged beside the weights, such as tokenizer.json
 * @param training the state that training needs to resume; without it the checkpoint has only
 *     weights
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
