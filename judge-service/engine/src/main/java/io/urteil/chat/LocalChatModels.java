package io.urteil.chat;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.file.FileHash;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.PromptTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The models that judges of this process ask, each opened once, whatever the number of judges and
 * runs. Thread-safe; opening waits.
 */
public final class LocalChatModels implements AutoCloseable {

  /** Sequences that decode together, of each model. */
  private static final int SLOTS = Integer.getInteger("urteil.judge.slots", 64);

  /** Longest sequence, prompt and answer together, unless the model's own limit is lower. */
  private static final int SLOT_CAPACITY = Integer.getInteger("urteil.judge.slot-capacity", 4096);

  /** Bytes that the keys and values of one model may take. */
  private static final long CACHE_BYTES = Long.getLong("urteil.judge.cache-mib", 512) << 20;

  private final Map<Key, ChatModel> open = new HashMap<>();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private record Key(Path directory, WeightPrecision weights) {}

  /**
   * The model of this directory, with weights of this precision.
   *
   * @throws IllegalArgumentException when it cannot be used, naming why
   */
  public synchronized ChatModel of(Path directory, WeightPrecision weights) {
    Key key = new Key(directory.toAbsolutePath().normalize(), weights);
    ChatModel known = open.get(key);
    if (known == null) {
      try {
        known = open(key);
      } catch (UnusableModelException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "model %s: %s (expected: a model directory)".formatted(directory, e), e);
      }
      open.put(key, known);
    }
    return known;
  }

  private ChatModel open(Key key) throws IOException {
    Path path = key.directory();
    ModelDirectory directory = ModelDirectory.open(path);
    String name = String.valueOf(path.getFileName());
    String hash = FileHash.sha256(directory.sha256().toString().getBytes(StandardCharsets.UTF_8));
    PromptEncoder encoder = directory.openPromptEncoder();
    opened.push(encoder);
    Tokenizer tokenizer = directory.openTokenizer();
    opened.push(tokenizer);
    InferenceEngine engine =
        OnnxEngine.start(settings(directory.config()).withWeights(key.weights()), "judge");
    opened.push(engine);
    ModelVersion version = ModelVersion.of(name);
    if (engine.switchTo(version, path).join()
        instanceof LoadOutcome.Refused(ModelVersion refused, String reason)) {
      throw new IllegalArgumentException(reason);
    }
    return new LocalChatModel(
        name + "@" + hash.substring(0, 12) + key.weights().suffix(),
        engine,
        new PromptTokens(name, encoder, directory.chatTemplate().orElse(null)),
        tokenizer,
        directory.endOfSequenceIds());
  }

  private static EngineSettings settings(DecoderConfig shape) {
    int capacity = Math.min(shape.maxPositions(), SLOT_CAPACITY);
    long slotBytes =
        2L
            * Float.BYTES
            * shape.layers()
            * shape.keyValueHeads()
            * shape.headDimension()
            * capacity;
    return EngineSettings.of((int) Math.clamp(CACHE_BYTES / slotBytes, 1, SLOTS), capacity)
        .withVersions(1);
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing a judge's model", e);
      }
    }
    open.clear();
  }
}
