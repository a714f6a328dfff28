package io.urteil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderConfigTest {

  /** The published config.json of Qwen2.5-0.5B-Instruct. */
  private static final String QWEN2 =
      """
      {"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643,
       "eos_token_id": 151645, "hidden_act": "silu", "hidden_size": 896,
       "initializer_range": 0.02, "intermediate_size": 4864, "max_position_embeddings": 32768,
       "max_window_layers": 21, "model_type": "qwen2", "num_attention_heads": 14,
       "num_hidden_layers": 24, "num_key_value_heads": 2, "rms_norm_eps": 1e-06,
       "rope_theta": 1000000.0, "sliding_window": 32768, "tie_word_embeddings": true,
       "torch_dtype": "bfloat16", "use_cache": true, "use_sliding_window": false,
       "vocab_size": 151936}
      """;

  /** In the style of Qwen3-8B. */
  private static final String QWEN3 =
      """
      {"architectures": ["Qwen3ForCausalLM"], "attention_bias": false, "head_dim": 128,
       "eos_token_id": [151645, 151643], "hidden_act": "silu", "hidden_size": 4096,
       "intermediate_size": 12288, "max_position_embeddings": 40960, "model_type": "qwen3",
       "num_attention_heads": 32, "num_hidden_layers": 36, "num_key_value_heads": 8,
       "rms_norm_eps": 1e-06, "rope_scaling": null, "rope_theta": 1000000,
       "sliding_window": null, "tie_word_embeddings": false, "vocab_size": 151936}
      """;

  private static final String MINIMAL =
      """
      {"model_type": "llama", "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
       "num_attention_heads": 4, "vocab_size": 50, "max_position_embeddings": 128%s}
      """;

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @Test
  void shouldReadQwen2() throws IOException {
    // When
    DecoderConfig config = read(QWEN2);

    // Then
    assertThat(config)
        .isEqualTo(
            new DecoderConfig(
                "qwen2",
                new DecoderConfig.Dimensions(896, 4864, 24, 14, 2, 64, 151936, 32768),
                1e-6,
                1e6,
                true,
                List.of(151645)));
    assertThat(config.tensorShapes())
        .hasSize(1 + 24 * 12 + 1)
        .containsEntry("model.layers.23.self_attn.k_proj.bias", new long[] {128})
        .containsEntry("model.layers.0.self_attn.q_proj.weight", new long[] {896, 896})
        .doesNotContainKey("lm_head.weight");
  }

  @Test
  void shouldReadQwen3() throws IOException {
    // When
    DecoderConfig config = read(QWEN3);

    // Then
    assertThat(config.headDimension()).isEqualTo(128);
    assertThat(config.queryKeyNorm()).isTrue();
    assertThat(config.attentionBias()).isFalse();
    assertThat(config.endOfSequenceIds()).containsExactly(151645, 151643);
    assertThat(config.tensorShapes())
        .containsEntry("model.layers.0.self_attn.q_norm.weight", new long[] {128})
        .containsEntry("model.layers.0.self_attn.o_proj.weight", new long[] {4096, 4096})
        .containsEntry("lm_head.weight", new long[] {151936, 4096})
        .doesNotContainKey("model.layers.0.self_attn.q_proj.bias");
  }

  @Test
  void shouldTakeTheFamilysDefaultsWhenFieldsAreMissing() throws IOException {
    // When
    DecoderConfig config = read(MINIMAL.formatted(""));

    // Then
    assertThat(config)
        .isEqualTo(
            new DecoderConfig(
                "llama",
                new DecoderConfig.Dimensions(64, 96, 2, 4, 4, 16, 50, 128),
                1e-6,
                10_000,
                false,
                List.of()));
  }

  @Test
  void shouldReadRotaryBaseFromItsNewerPlace() throws IOException {
    // When
    DecoderConfig config =
        read(
            MINIMAL.formatted(
                ", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 5e5}"));

    // Then
    assertThat(config.ropeTheta()).isEqualTo(5e5);
  }

  @ParameterizedTest
  @ValueSource(strings = {QWEN2, QWEN3})
  void shouldReadBackWhatItWrites(String json) throws IOException {
    // Given
    DecoderConfig config = read(json);

    // When
    config.write(directory);

    // Then
    assertThat(DecoderConfig.read(directory)).isEqualTo(config);
    assertThat(config.toJson())
        .contains(config.queryKeyNorm() ? "Qwen3ForCausalLM" : "Qwen2ForCausalLM");
  }

  @Test
  void shouldNameEveryProblemAtOnce() {
    // Given
    String json =
        """
        {"model_type": "mixtral", "hidden_size": "wide", "num_hidden_layers": 0,
         "num_attention_heads": 5, "num_key_value_heads": 2, "use_sliding_window": true,
         "rope_scaling": {"rope_type": "yarn", "factor": 8}, "vocab_size": 10}
        """;

    // Then
    assertThatThrownBy(() -> read(json))
        .asInstanceOf(type(UnusableModelException.class))
        .extracting(UnusableModelException::problems)
        .asInstanceOf(list(String.class))
        .containsExactlyInAnyOrder(
            "model_type: 'mixtral' (expected: one of [qwen2, qwen3, llama])",
            "use_sliding_window: true (expected: false; sliding-window attention is not supported)",
            "rope_scaling: type 'yarn' (expected: default or llama3)",
            "hidden_size: \"wide\" (expected: a whole number)",
            "intermediate_size: missing (expected: a whole number)",
            "max_position_embeddings: missing (expected: a whole number)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "num_key_value_heads | 3 | num_attention_heads: 4 (expected: a multiple of"
            + " num_key_value_heads, 3)",
        "head_dim | 15 | head_dim: 15 (expected: even",
        "rms_norm_eps | 0 | rms_norm_eps: 0.0 (expected: > 0)",
        "rope_theta | \"big\" | rope_theta: \"big\" (expected: a number)",
        "eos_token_id | 50 | eos_token_id: 50 (expected: 0 to 49",
        "eos_token_id | \"</s>\" | eos_token_id: \"</s>\" (expected: a token id",
        "attention_bias | true | attention_bias: true (expected: false",
        "mlp_bias | true | mlp_bias: true (expected: false",
        "mlp_bias | 7 | mlp_bias: 7 (expected: true or false)",
        "hidden_act | \"gelu\" | hidden_act: 'gelu' (expected: silu)",
        "layer_types | [\"full_attention\", \"sliding_attention\"] | layer_types:"
            + " \"sliding_attention\" (expected: full_attention only)",
        "architectures | [\"LlamaForRewardModel\"] | architectures: [\"LlamaForRewardModel\"]"
            + " (expected: LlamaForCausalLM or LlamaForSequenceClassification)",
        "architectures | [\"Qwen2ForCausalLM\"] | (expected: LlamaForCausalLM or LlamaForSequence",
        "num_local_experts | 8 | num_local_experts: 8 (expected: none; mixtures of experts",
        "use_sliding_window | true | use_sliding_window: true (expected: false; sliding-window",
        "rope_scaling | {\"type\": \"linear\", \"factor\": 2} | rope_scaling: type 'linear'"
            + " (expected: default or llama3)",
        "rope_parameters | {\"rope_type\": \"dynamic\"} | rope_parameters: type 'dynamic'"
            + " (expected: default or",
        "rope_scaling | {\"rope_type\": \"llama3\", \"factor\": 8} | rope_scaling.low_freq_factor:"
            + " missing (expected: a number)",
        "rope_scaling | {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4,"
            + " \"high_freq_factor\": 1} | rope_scaling: factor 8.0, low_freq_factor 4.0",
        "partial_rotary_factor | 0.5 | partial_rotary_factor: 0.5 (expected: 1)",
        "quantization_config | {\"bits\": 4} | quantization_config: present (expected: none",
        "vocab_size | 20 | unreadable JSON"
      })
  void shouldRefuseByNameWhatItCannotHonour(String field, String value, String expected) {
    assertThatThrownBy(() -> read(MINIMAL.formatted(", \"%s\": %s".formatted(field, value))))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void shouldReadTheScalingOfLlama3InBothPlaces() throws IOException {
    // Given
    String numbers =
        "\"rope_type\": \"llama3\", \"factor\": 8.0, \"low_freq_factor\": 1.0,"
            + " \"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 8192";

    // When
    DecoderConfig older =
        read(MINIMAL.formatted(", \"rope_theta\": 5e5, \"rope_scaling\": {" + numbers + "}"));
    DecoderConfig newer =
        read(MINIMAL.formatted(", \"rope_parameters\": {\"rope_theta\": 5e5, " + numbers + "}"));

    // Then
    assertThat(older).isEqualTo(newer);
    assertThat(older.rotaryScaling()).isEqualTo(new RotaryScaling.Llama3(8, 1, 4, 8192));
    older.write(directory);
    assertThat(DecoderConfig.read(directory)).isEqualTo(older);
  }

  @Test
  void shouldStretchLongWavesOnly() {
    // When
    double[] plain = RotaryScaling.NONE.frequencies(5e5, 16);
    double[] scaled = new RotaryScaling.Llama3(8, 1, 4, 8192).frequencies(5e5, 16);

    // Then
    assertThat(scaled[0]).isEqualTo(plain[0]).isEqualTo(1);
    assertThat(scaled[3]).isEqualTo(plain[3]);
    assertThat(scaled[7]).isEqualTo(plain[7] / 8);
    assertThat(scaled[4]).isBetween(plain[4] / 8, plain[4]);
  }

  @Test
  void shouldReadAHeadThatScores() throws IOException {
    // When
    DecoderConfig one =
        read(
            MINIMAL.formatted(
                ", \"architectures\": [\"LlamaForSequenceClassification\"], \"id2label\": {\"0\":"
                    + " \"LABEL_0\"}, \"pad_token_id\": 3"));
    DecoderConfig unsaid =
        read(MINIMAL.formatted(", \"architectures\": [\"LlamaForSequenceClassification\"]"));

    // Then
    assertThat(one.scalarHead()).isEqualTo(new DecoderConfig.ScalarHead(1, 3));
    assertThat(one.tensorShapes())
        .containsEntry("score.weight", new long[] {1, 64})
        .doesNotContainKey("lm_head.weight");
    assertThat(unsaid.scalarHead()).isEqualTo(new DecoderConfig.ScalarHead(2, null));
    one.write(directory);
    assertThat(DecoderConfig.read(directory)).isEqualTo(one);
  }

  @Test
  void shouldTakeAWindowThatNoLayerUses() throws IOException {
    assertThat(
            read(MINIMAL.formatted(
                    ", \"use_sliding_window\": true, \"sliding_window\": 4096,"
                        + " \"max_window_layers\": 2"))
                .layers())
        .isEqualTo(2);
  }

  @Test
  void shouldSayThatTheFileIsMissing() {
    assertThatThrownBy(() -> DecoderConfig.read(directory))
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("config.json: there is no such file");
  }

  @Test
  void shouldRefuseATextThatIsNoObject() {
    assertThat(Map.of("[]", "model_type: ''", "{", "unreadable JSON"))
        .allSatisfy(
            (json, expected) ->
                assertThatThrownBy(() -> read(json)).hasMessageContaining(expected));
  }

  private DecoderConfig read(String json) throws IOException {
    Files.writeString(directory.resolve("config.json"), json);
    return DecoderConfig.read(directory);
  }
}
