package io.urteil.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.model.DecoderConfig;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import io.urteil.trainer.SupervisedTraining;
import io.urteil.trainer.policy.ComputeSettings;
import io.urteil.trainer.policy.OptimiserSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A Qwen2 model with random weights (two layers, six query heads, three key-value heads) and a
 * byte-level BPE tokenizer, deliberately different from the demo's model.
 */
public final class RandomModel {

  private static final int END = 0;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** BPE merges; Ġ is a space. */
  private static final List<String> MERGES =
      List.of("t h", "th e", "Ġ the", "a n", "an d", "Ġ and", "i n", "in g", "e r", "o u", "Ġ t");

  private RandomModel() {}

  /** Writes the model directory, and a copy of the tokenizer next to it. Returns the directory. */
  public static Path write(Path directory) throws IOException {
    Files.createDirectories(directory.getParent());
    ObjectNode vocabulary = vocabulary();
    Path tokenizer = directory.resolveSibling("tokenizer.json");
    Files.writeString(tokenizer, tokenizer(vocabulary));
    DecoderConfig shape =
        new DecoderConfig(
            "qwen2",
            new DecoderConfig.Dimensions(96, 160, 2, 6, 3, 16, vocabulary.size(), 512),
            1e-6,
            10_000,
            false,
            endTokens());
    try (SupervisedTraining random =
        SupervisedTraining.fromScratch(
            shape, 11, OptimiserSettings.supervised(), ComputeSettings.small())) {
      random.write(directory, List.of(tokenizer));
    }
    return directory;
  }

  /** As {@link #write}, with a chat template and a context of 8,192 tokens. */
  public static Path writeChat(Path directory) throws IOException {
    write(directory);
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        """
        {% for message in messages %}{{ message['role'] }}: {{ message['content'] }}
        {% endfor %}{% if add_generation_prompt %}assistant: {% endif %}\
        """);
    Path config = directory.resolve("config.json");
    ObjectNode shape = (ObjectNode) JSON.readTree(Files.readString(config));
    shape.put("max_position_embeddings", 8_192);
    Files.writeString(config, shape.toPrettyString());
    return directory;
  }

  /** As {@link #writeChat}, with a random scalar head in place of the language-model head. */
  public static Path writeScalar(Path directory) throws IOException {
    writeChat(directory);
    Path config = directory.resolve("config.json");
    ObjectNode shape = (ObjectNode) JSON.readTree(Files.readString(config));
    shape.putArray("architectures").add("Qwen2ForSequenceClassification");
    shape.putObject("id2label").put("0", "LABEL_0");
    shape.put("pad_token_id", END);
    Files.writeString(config, shape.toPrettyString());
    Path weights = directory.resolve("model.safetensors");
    SequencedMap<String, TensorData> scoring =
        new LinkedHashMap<>(Safetensors.open(weights).tensors());
    scoring.remove("lm_head.weight");
    SplittableRandom random = new SplittableRandom(5);
    float[] head = new float[shape.path("hidden_size").asInt()];
    for (int i = 0; i < head.length; i++) {
      head[i] = (float) random.nextGaussian();
    }
    scoring.put("score.weight", TensorData.floats(new long[] {1, head.length}, head));
    Path written = directory.resolve("scoring.safetensors");
    Safetensors.write(written, scoring, Map.of());
    Files.move(written, weights, StandardCopyOption.REPLACE_EXISTING);
    return directory;
  }

  /**
   * End tokens. All capital letters are included, so that most completions end before the limit.
   */
  private static List<Integer> endTokens() {
    return IntStream.concat(IntStream.of(END), IntStream.rangeClosed('A' + 1, 'Z' + 1))
        .boxed()
        .toList();
  }

  private static ObjectNode vocabulary() {
    ObjectNode vocabulary = JSON.createObjectNode().put("<end>", END);
    for (int value = 0; value < 256; value++) {
      vocabulary.put(Character.toString(character(value)), vocabulary.size());
    }
    MERGES.forEach(merge -> vocabulary.put(merge.replace(" ", ""), vocabulary.size()));
    return vocabulary;
  }

  private static String tokenizer(ObjectNode vocabulary) {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding").putNull("normalizer").putNull("post_processor");
    root.putArray("added_tokens")
        .addObject()
        .put("id", END)
        .put("content", "<end>")
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    for (String step : List.of("pre_tokenizer", "decoder")) {
      root.putObject(step)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", true)
          .put("use_regex", true);
    }
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false);
    model.set("vocab", vocabulary);
    ArrayNode merges = model.putArray("merges");
    MERGES.forEach(merges::add);
    return root.toPrettyString();
  }

  /**
   * The character of a byte in GPT-2's byte-level BPE (Radford et al. 2019): itself if printable in
   * Latin-1, else the next character from U+0100.
   */
  private static int character(int value) {
    if (isVisible(value)) {
      return value;
    }
    int hidden = 0;
    for (int lower = 0; lower < value; lower++) {
      hidden += isVisible(lower) ? 0 : 1;
    }
    return 256 + hidden;
  }

  private static boolean isVisible(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xFF && value != 0xAD);
  }
}
