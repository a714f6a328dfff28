package io.urteil.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import io.urteil.testing.RandomModel;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A {@link RandomModel} that writes one of some texts after any prompt, each with the same
 * probability, and then ends. Each text is one token of its own. The embedding of a token says
 * whether it is such a text, attention and perceptrons add nothing to it, and the head follows from
 * it: a text after a token that is none, the end after a text. All weights are trained as usual.
 */
final class WritingModel {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int END = 0;

  private WritingModel() {}

  /** Writes the model directory and returns it. */
  static Path write(Path directory, List<String> texts) throws IOException {
    RandomModel.writeChat(directory);
    Path config = directory.resolve("config.json");
    ObjectNode shape = (ObjectNode) JSON.readTree(Files.readString(config));
    int known = shape.path("vocab_size").asInt();
    int all = known + texts.size();
    shape.put("vocab_size", all);
    Files.writeString(config, shape.toPrettyString());
    addTokens(directory.resolve("tokenizer.json"), known, texts);
    addWeights(directory, shape.path("hidden_size").asInt(), known, all);
    return directory;
  }

  private static void addTokens(Path file, int known, List<String> texts) throws IOException {
    ObjectNode tokenizer = (ObjectNode) JSON.readTree(Files.readString(file));
    ArrayNode added = (ArrayNode) tokenizer.path("added_tokens");
    for (int i = 0; i < texts.size(); i++) {
      added
          .addObject()
          .put("id", known + i)
          .put("content", texts.get(i))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", false);
    }
    Files.writeString(file, tokenizer.toPrettyString());
  }

  private static void addWeights(Path directory, int hidden, int known, int all)
      throws IOException {
    Path weights = directory.resolve("model.safetensors");
    SequencedMap<String, TensorData> tensors =
        new LinkedHashMap<>(Safetensors.open(weights).tensors());
    float[] embedding = new float[all * hidden];
    float[] head = new float[all * hidden];
    for (int token = 0; token < all; token++) {
      boolean text = token >= known;
      embedding[token * hidden + (text ? 1 : 0)] = 1;
      head[token * hidden] = text ? 1 : -1;
      head[token * hidden + 1] = token == END ? 1 : -1;
    }
    long[] size = {all, hidden};
    tensors.replaceAll((name, tensor) -> isAdded(name) ? zero(tensor) : tensor);
    tensors.put("model.embed_tokens.weight", TensorData.floats(size, embedding));
    tensors.put("lm_head.weight", TensorData.floats(size, head));
    Path written = directory.resolve("writing.safetensors");
    Safetensors.write(written, tensors, Map.of());
    Files.move(written, weights, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether a tensor is the last of those whose product is added to the embedding. */
  private static boolean isAdded(String name) {
    return name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
  }

  private static TensorData zero(TensorData like) {
    int bytes = like.bytes().order(ByteOrder.LITTLE_ENDIAN).remaining();
    return TensorData.floats(like.shape(), new float[bytes / Float.BYTES]);
  }
}
