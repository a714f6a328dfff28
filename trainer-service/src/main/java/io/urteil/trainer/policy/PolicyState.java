package io.urteil.trainer.policy;

import io.urteil.model.safetensors.TensorData;
import java.util.SequencedMap;

/**
 * Views of weights and optimiser, valid only during the call that receives them.
 *
 * @param weights by Hugging Face name, 32-bit floats
 * @param optimiser per parameter {@code NAME.exp_avg}, {@code NAME.exp_avg_sq} and {@code
 *     NAME.step}
 */
public record PolicyState(
    SequencedMap<String, TensorData> weights, SequencedMap<String, TensorData> optimiser) {}
