package io.urteil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a model directory contains, it opens or is rejected by file and key. */
class ModelBoundsTest {

  private static final DecoderConfig CONFIG =
      new DecoderConfig(
          "qwen2",
          new DecoderConfig.Dimensions(8, 12, 1, 2, 1, 4, 10, 32),
          1e-6,
          1e4,
          true,
          List.of(1));
  private static final String GENERATION =
      "{\"temperature\": 0.7, \"top_p\": 0.8, \"top_k\": 20, \"eos_token_id\": [1, 2]}";
  private static final String TEMPLATE =
      "{\"bos_token\": {\"content\": \"<s>\"}, \"chat_template\": [{\"name\": \"default\","
          + " \"template\": \"{% for m in messages %}{{ m.content[0] }}{% endfor %}\"}]}";
  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
       "added_tokens": [
         {"id": 3, "content": "<eos>", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true}],
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
                         "use_regex": true},
       "post_processor": null, "decoder": {"type": "ByteLevel"},
       "model": {"type": "BPE", "dropout": null, "unk_token": null, "fuse_unk": false,
                 "byte_fallback": false, "vocab": {"a": 0, "b": 1, "ab": 2},
                 "merges": [["a", "b"]]}}
      """;

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @BeforeEach
  void writeModel() throws IOException {
    write(directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "num_hidden_layers | 2147483647 | config.json: num_hidden_layers: 2147483647 (expected: <=",
        "num_hidden_layers | 9999 | num_hidden_layers: 9999 (expected: at most 14, the number of",
        "vocab_size | 2147483647 | config.json: vocab_size: 2147483647 (expected: <= 16777216)",
        "hidden_size | 2147483647 | config.json: hidden_size: 2147483647 (expected: <= 1048576)",
        "intermediate_size | 2147483648 | config.json: intermediate_size: 2147483648 (expected: a",
        "head_dim | 2147483646 | config.json: head_dim: 2147483646 (expected: <= 65536)",
        "num_attention_heads | 2147483647 | num_attention_heads: 2147483647 (expected: <= 65536)",
        "rope_theta | 1e999 | config.json: rope_theta: Infinity (expected: a finite number)",
        "rms_norm_eps | 1e999 | (expected: a finite number)",
        "hidden_size | [[[]]] | config.json: hidden_size: [[[]]] (expected: a whole number)",
        "vocab_size | 11 | shape [10, 8] (expected: [11, 8] by config.json)",
      })
  void shouldNameTheKeyOfTheConfiguration(String key, String value, String expected)
      throws IOException {
    // Given
    String config = Files.readString(directory.resolve("config.json"));
    Files.writeString(
        directory.resolve("config.json"),
        config.replaceFirst("\"%s\" : [^,]+,".formatted(key), "\"%s\": %s,".formatted(key, value)));

    // Then
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "top_k | 20 | 1e300 | generation_config.json: top_k: 1.0E300 (expected: a whole number)",
        "temperature | 0.7 | 1e999 | generation_config.json: temperature: Infinity (expected: a",
        "eos_token_id | [1, 2] | [1, -2] | generation_config.json: eos_token_id: -2 (expected: 0 to",
        "eos_token_id | [1, 2] | 10 | generation_config.json: eos_token_id: 10 (expected: 0 to 9",
      })
  void shouldNameTheKeyOfTheGenerationDefaults(
      String key, String old, String value, String expected) throws IOException {
    // Given
    Files.writeString(
        directory.resolve("generation_config.json"),
        GENERATION.replace("\"%s\": %s".formatted(key, old), "\"%s\": %s".formatted(key, value)));

    // Then
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"ab\": 2' | '\"ab\": 2147483647' | model.vocab: id 2147483647 of token 'ab' (expected: 0",
        "'\"ab\": 2' | '\"ab\": -1' | model.vocab: id -1 of token 'ab' (expected: 0 to 16777216)",
        "'\"ab\": 2' | '\"ab\": 1' | model.vocab: id 1 of token 'ab' (expected: its own id, not",
        "'\"ab\": 2' | '\"ab\": []' | model.vocab: id [] of token 'ab' (expected: 0 to 16777216)",
        "'\"id\": 3' | '\"id\": 4294967299' | added_tokens[0]: id 4294967299 of token '<eos>'",
        "'<eos>' | '' | added_tokens[0].content: '' (expected: a text that no other token has)",
        "'[\"a\", \"b\"]' | '[\"ab\", \"ab\"]' | no tokenizer:",
        "'\"fuse_unk\"' | '\"continuing_subword_prefix\": \"##\", \"fuse_unk\"' | model.merges[0]: a second",
        "'\"normalizer\": null' | '\"normalizer\": {\"type\": \"Precompiled\"}' | normalizer.precompiled",
        "'\"normalizer\": null' | '\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"CAAAAAAA\"}' | not a map",
        "'\"decoder\": {' | '\"decoder\": {\"\\ud800\": 1, ' | decoder: a text with half a surrogate",
        "'\"decoder\": {' | '\"decoder\": {\"x\": [\"\\udfff\"], ' | decoder.x: a text with half a",
        "'\"decoder\": {' | '\"decoder\": {\"x\": [1e999], ' | decoder.x[0]: a number that is too large",
        "'\"BPE\"' | '\"BPF\"' | no tokenizer:",
      })
  void shouldNameTheKeyOfTheTokenizer(String old, String by, String expected) throws IOException {
    // Given
    Path file = directory.resolve("tokenizer.json");
    Files.writeString(file, TOKENIZER.replace(old, by == null ? "" : by));

    // Then
    assertThatThrownBy(() -> Tokenizer.open(file))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining(expected);
    assertThatThrownBy(() -> PromptEncoder.open(file)).isInstanceOf(UnusableModelException.class);
  }

  /** The library panics in its decoder section, and the process would end. */
  @Test
  void shouldRejectATokenizerThatIsNestedDeeperThanTheLibraryReads() throws IOException {
    for (int depth : new int[] {98, 99, 100, 127, 200, 900}) {
      Path file = directory.resolve("tokenizer.json");
      Files.writeString(
          file,
          TOKENIZER.replace(
              "\"decoder\": {",
              "\"decoder\": {\"x\": " + "[".repeat(depth) + "]".repeat(depth) + ","));
      if (depth <= 99) {
        assertOpensOrIsRejected(() -> Tokenizer.open(file).close());
      } else {
        assertThatThrownBy(() -> Tokenizer.open(file))
            .isInstanceOf(UnusableModelException.class)
            .hasMessageContaining("nested too deep (expected: at most 100 levels)");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"..", ".", "/", "''", "../x", "a/b", "'a\u0000'"})
  void shouldRejectAShardOutsideTheDirectory(String shard) throws IOException {
    // Given
    Files.delete(directory.resolve("model.safetensors"));
    Files.writeString(
        directory.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"x\": \"%s\"}}".formatted(shard.replace("\u0000", "\\u0000")));

    // Then
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("model.safetensors.index.json: file '")
        .hasMessageContaining("(expected: a name in the same folder)");
  }

  @Test
  void shouldBoundFilesAndMessages() throws IOException {
    // Given
    Files.write(directory.resolve("chat_template.jinja"), new byte[4_000_001]);
    Files.writeString(
        directory.resolve("config.json"), "{\"model_type\": \"%s\"}".formatted("x".repeat(99_999)));

    // Then
    assertThatThrownBy(() -> ChatTemplate.read(directory))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("size: 4000001 bytes (expected: at most 4000000)");
    assertThatThrownBy(() -> ModelDirectory.open(directory)).message().hasSizeLessThan(9_000);
    Files.write(directory.resolve("chat_template.jinja"), new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> ChatTemplate.read(directory))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("(expected: UTF-8)");
  }

  @Property(tries = 400)
  void shouldOpenOrRejectByNameWhateverTheFilesContain(@ForAll long seed) throws IOException {
    // Given
    Random random = new Random(seed);
    Path model = Files.createTempDirectory("model");
    write(model);
    List<String> names =
        List.of("config.json", "generation_config.json", "tokenizer_config.json", "tokenizer.json");
    int chosen = random.nextInt(names.size() + 2);
    if (chosen < names.size()) {
      Path file = model.resolve(names.get(chosen));
      Files.writeString(file, new TextMutator(random).mutated(Files.readString(file)));
    } else {
      mutateWeights(model.resolve("model.safetensors"), random);
    }

    // Then
    assertOpensOrIsRejected(() -> ModelDirectory.open(model));
    assertOpensOrIsRejected(() -> ChatTemplate.read(model));
    assertOpensOrIsRejected(
        () -> {
          try (Tokenizer tokenizer = Tokenizer.open(model.resolve("tokenizer.json"))) {
            tokenizer.decode(tokenizer.encode("ab <eos>"));
          }
        });
    try (var files = Files.list(model)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(model);
  }

  @FunctionalInterface
  private interface Opening {
    void run() throws IOException;
  }

  private static void assertOpensOrIsRejected(Opening opening) throws IOException {
    try {
      opening.run();
    } catch (UnusableModelException e) {
      assertThat(e.problems()).isNotEmpty().allMatch(problem -> problem.length() < 1200);
    }
  }

  /** Changes the header of the file and keeps its data, or cuts it. */
  private static void mutateWeights(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) buffer.getLong(0);
    String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
    byte[] mutated = new TextMutator(random).mutated(header).getBytes(StandardCharsets.UTF_8);
    int data = random.nextInt(4) > 0 ? bytes.length - 8 - length : random.nextInt(100);
    long claimed = random.nextInt(8) > 0 ? mutated.length : random.nextLong();
    Files.write(
        file,
        ByteBuffer.allocate(8 + mutated.length + data)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(claimed)
            .put(mutated)
            .put(bytes, bytes.length - Math.min(data, bytes.length), Math.min(data, bytes.length))
            .array());
  }

  private static void write(Path directory) throws IOException {
    CONFIG.write(directory);
    SequencedMap<String, TensorData> weights = new LinkedHashMap<>();
    CONFIG
        .tensorShapes()
        .forEach(
            (name, shape) -> {
              int size = 1;
              for (long dimension : shape) {
                size *= (int) dimension;
              }
              weights.put(name, TensorData.floats(shape, new float[size]));
            });
    Safetensors.write(directory.resolve("model.safetensors"), weights, Map.of("format", "pt"));
    Files.writeString(directory.resolve("generation_config.json"), GENERATION);
    Files.writeString(directory.resolve("tokenizer_config.json"), TEMPLATE);
    Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
  }
}
