package io.urteil.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.UnusableModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens a model directory as a {@link Decoder}: exports its graph, opens a session that maps the
 * weights, and tries it. Reads only; nothing is written beside the weights.
 */
final class DecoderLoader {

  /** Attention with rotary positions is built for multiples of this. */
  private static final int HEAD_DIMENSION_STEP = 16;

  private static final int SMOKE_TEST_TOKENS = 8;

  private final OrtEnvironment environment;
  private final EngineSettings settings;

  DecoderLoader(OrtEnvironment environment, EngineSettings settings) {
    this.environment = environment;
    this.settings = settings;
  }

  /**
   * A language model.
   *
   * @throws UnusableModelException if the directory or the model cannot be honoured
   * @throws EngineException if the runtime refuses it or its logits are not finite
   * @throws IOException if a file that is there cannot be read
   */
  Decoder open(Path path) throws IOException {
    return open(path, false);
  }

  /** A model that scores; fails as {@link #open(Path)} does. */
  Decoder openScalar(Path path) throws IOException {
    return open(path, true);
  }

  private Decoder open(Path path, boolean scalar) throws IOException {
    ModelDirectory directory = ModelDirectory.open(path);
    DecoderConfig config = directory.config();
    if (config.isScalar() != scalar) {
      throw new UnusableModelException(
          path,
          List.of(
              scalar
                  ? "architectures: a language model (expected: …ForSequenceClassification, a model"
                      + " that scores)"
                  : "architectures: a model that scores (expected: …ForCausalLM, a language"
                      + " model)"));
    }
    refuseWhatDoesNotRun(directory);
    byte[] graph = DecoderGraph.export(config, directory.weights(), settings.slotCapacity());
    Decoder decoder = new Decoder(environment, session(path, graph), config, settings);
    try {
      smokeTest(decoder, path);
      return decoder;
    } catch (OrtException e) {
      decoder.close();
      throw new EngineException("Model '%s' fails on a short prompt".formatted(path), e);
    } catch (RuntimeException e) {
      decoder.close();
      throw e;
    }
  }

  private void refuseWhatDoesNotRun(ModelDirectory directory) {
    DecoderConfig config = directory.config();
    List<String> problems = new ArrayList<>();
    if (config.headDimension() % HEAD_DIMENSION_STEP != 0) {
      problems.add(
          "head_dim: %d (expected: a multiple of %d)"
              .formatted(config.headDimension(), HEAD_DIMENSION_STEP));
    }
    if (settings.slotCapacity() > config.maxPositions()) {
      problems.add(
          "max_position_embeddings: %d (expected: >= the engine's slot capacity, %d)"
              .formatted(config.maxPositions(), settings.slotCapacity()));
    }
    long block = KeyValueCache.blockBytes(config, settings.slots() + 1, settings.slotCapacity());
    if (block > Integer.MAX_VALUE) {
      problems.add(
          "key-value cache: %d bytes per layer (expected: < 2 GiB) with %d slots of %d tokens"
              .formatted(block, settings.slots(), settings.slotCapacity()));
    }
    long logits = (long) settings.slots() * config.outputs() * Float.BYTES;
    if (logits > Integer.MAX_VALUE) {
      problems.add(
          "vocab_size: %d (expected: logits < 2 GiB) with %d slots"
              .formatted(config.vocabularySize(), settings.slots()));
    }
    if (!problems.isEmpty()) {
      throw new UnusableModelException(directory.path(), problems);
    }
  }

  private OrtSession session(Path path, byte[] graph) {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(settings.threads());
      options.setInterOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.addConfigEntry(
          "session.intra_op.allow_spinning", settings.spinMicros() > 0 ? "1" : "0");
      if (settings.spinMicros() > 0) {
        options.addConfigEntry(
            "session.intra_op.spin_duration_us", Integer.toString(settings.spinMicros()));
      }
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", path.toAbsolutePath().toString());
      return environment.createSession(graph, options);
    } catch (OrtException e) {
      throw new EngineException("Model '%s' is refused by the runtime".formatted(path), e);
    }
  }

  private static void smokeTest(Decoder decoder, Path path) throws OrtException {
    int vocabulary = decoder.config().vocabularySize();
    int outputs = decoder.config().outputs();
    int length = Math.min(SMOKE_TEST_TOKENS, decoder.capacity());
    int[] prompt = new int[length];
    for (int i = 0; i < length; i++) {
      prompt[i] = (int) ((long) i * vocabulary / length);
    }
    decoder.extend(0, prompt, 0, length);
    for (int id = 0; id < outputs; id++) {
      float logit = decoder.logits().get(id);
      if (!Float.isFinite(logit)) {
        throw new EngineException(
            "Model '%s': logit %s of token %d (expected: finite) after a short prompt"
                .formatted(path, logit, id));
      }
    }
  }
}
