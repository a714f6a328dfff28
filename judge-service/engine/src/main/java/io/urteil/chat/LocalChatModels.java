package io.urteil.chat;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.file.HubCache;
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
 * The local models of the judges of this process. Each is opened once and shared by all judges and
 * runs. Thread-safe; opening a model blocks.
 */
public final class LocalChatModels implements AutoCloseable {

  private final SlotSettings slots;
  private final RuntimeSettings runtime;
  private final Map<Key, ChatModel> open = new HashMap<>();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private record Key(Path directory, WeightPrecision weights) {}

  /**
   * A registry without open models.
   *
   * @param slots of each model
   * @param runtime threads and device of each model
   */
  public LocalChatModels(SlotSettings slots, RuntimeSettings runtime) {
    this.slots = slots;
    this.runtime = runtime;
  }

  /**
   * The model of this directory, with weights of this precision; opened on the first call.
   *
   * @throws IllegalArgumentException when the model is unusable
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
    String name = HubCache.displayName(path);
    String hash = FileHash.sha256(directory.sha256().toString().getBytes(StandardCharsets.UTF_8));
    PromptEncoder encoder = directory.openPromptEncoder();
    opened.push(encoder);
    Tokenizer tokenizer = directory.openTokenizer();
    opened.push(tokenizer);
    EngineSettings settings =
        slots.fit(directory.config(), runtime).withVersions(1).withWeights(key.weights());
    InferenceEngine engine = OnnxEngine.start(settings, "judge");
    opened.push(engine);
    ModelVersion version = ModelVersion.of(name);
    if (engine.switchTo(version, path).join()
        instanceof LoadOutcome.Rejected(ModelVersion rejected, String reason)) {
      throw new IllegalArgumentException(reason);
    }
    return new LocalChatModel(
        name + "@" + hash.substring(0, 12) + key.weights().suffix(),
        engine,
        new PromptTokens(name, encoder, directory.chatTemplate().orElse(null)),
        tokenizer,
        directory.endOfSequenceIds(),
        settings.slots());
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot close a judge's model", e);
      }
    }
    open.clear();
  }
}
