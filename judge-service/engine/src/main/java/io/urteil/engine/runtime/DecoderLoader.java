package io.urteil.engine.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.urteil.engine.Device;
import io.urteil.engine.EngineException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.device.CudaProvider;
import io.urteil.engine.graph.DecoderGraph;
import io.urteil.engine.graph.GraphVariant;
import io.urteil.engine.graph.Int8Weights;
import io.urteil.engine.graph.OnnxGraph.Element;
import io.urteil.engine.graph.WeightFolder;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.WeightTensor;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Opens a model directory as a {@link InferenceDecoder}: exports its graph, opens a session that
 * maps the weights, and tests it. Read-only; no file is written beside the weights.
 */
public final class DecoderLoader {

  /** Attention with rotary positions supports multiples of this. */
  private static final int HEAD_DIMENSION_STEP = 16;

  private static final int SMOKE_TEST_TOKENS = 8;

  /** Logits of each row that a device returns; top-k settings of judges are smaller. */
  private static final int TOP_TOKENS = 64;

  private final OrtEnvironment environment;
  private final EngineSettings settings;
  private final int accuracyLevel;

  public DecoderLoader(OrtEnvironment environment, EngineSettings settings) {
    this(environment, settings, GraphVariant.INTEGER_PRODUCTS);
  }

  /**
   * @param accuracyLevel of products with quantised matrices
   */
  public DecoderLoader(OrtEnvironment environment, EngineSettings settings, int accuracyLevel) {
    this.environment = environment;
    this.settings = settings;
    this.accuracyLevel = accuracyLevel;
  }

  /**
   * A language model.
   *
   * @throws UnusableModelException if the directory or the model is not supported
   * @throws EngineException if the runtime rejects it or its logits are not finite
   * @throws IOException if an existing file is unreadable
   */
  public InferenceDecoder open(Path path) throws IOException {
    return open(path, false);
  }

  /** A scalar model; fails as {@link #open(Path)} does. */
  public InferenceDecoder openScalar(Path path) throws IOException {
    return open(path, true);
  }

  private InferenceDecoder open(Path path, boolean scalar) throws IOException {
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
    InferenceDecoder decoder = decoder(directory);
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

  private InferenceDecoder decoder(ModelDirectory directory) {
    DecoderConfig config = directory.config();
    Path path = directory.path();
    Path weights = WeightFolder.of(directory.weights().values()).path();
    GraphVariant form = form(directory);
    byte[] graph = DecoderGraph.export(config, directory.weights(), settings.slotCapacity(), form);
    OrtSession session =
        session(
            path,
            weights,
            options ->
                switch (settings.weights()) {
                  case F32 -> environment.createSession(graph, options);
                  case INT8 -> quantised(directory, graph, options);
                });
    try {
      return new InferenceDecoder(
          config,
          settings,
          buffers ->
              settings.device().isBound()
                  ? new BoundSteps(
                      environment,
                      session,
                      config,
                      settings,
                      form,
                      buffers,
                      other ->
                          session(
                              path, weights, options -> environment.createSession(other, options)))
                  : new HostSteps(environment, session, config, settings, form, buffers));
    } catch (RuntimeException e) {
      try {
        session.close();
      } catch (OrtException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private GraphVariant form(ModelDirectory directory) {
    Device device = settings.device();
    if (!device.isBound()) {
      Element cache = device.cacheNumbers() == Device.Numbers.F16 ? Element.FLOAT16 : Element.FLOAT;
      return GraphVariant.host(cache, settings.weights(), accuracyLevel);
    }
    Element element =
        switch (device.numbers()) {
          case F32 -> Element.FLOAT;
          case F16 -> Element.FLOAT16;
          case BF16 -> Element.BFLOAT16;
          case STORED -> storedElement(directory);
        };
    DecoderConfig config = directory.config();
    return new GraphVariant(
        element, config.isScalar() ? 0 : Math.min(TOP_TOKENS, config.vocabularySize()));
  }

  private static Element storedElement(ModelDirectory directory) {
    WeightTensor embedding =
        Objects.requireNonNull(
            directory.weights().get(DecoderGraph.EMBEDDING), DecoderGraph.EMBEDDING);
    Element element = DecoderGraph.element(embedding.entry().dataType());
    return element == Element.FLOAT ? Element.FLOAT16 : element;
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
    long block = (settings.slots() + 1) * settings.cacheShape(config).slotBlockBytes();
    if (block > Integer.MAX_VALUE && !settings.device().isBound()) {
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
    if (settings.weights() == WeightPrecision.INT8) {
      if (settings.device().isBound()) {
        problems.add("weights: int8 (expected: f32 on device %s)".formatted(settings.device()));
      }
      Int8Weights.matrices(config)
          .forEach(
              (name, shape) -> {
                if (Int8Weights.byteCount(shape) > Integer.MAX_VALUE) {
                  problems.add(
                      "%s: %d eight-bit weights (expected: < 2 GiB in one matrix)"
                          .formatted(name, Int8Weights.byteCount(shape)));
                }
              });
    }
    if (!problems.isEmpty()) {
      throw new UnusableModelException(directory.path(), problems);
    }
  }

  private interface Opening {
    OrtSession with(SessionOptions options) throws OrtException;
  }

  /**
   * Opens a session on the device.
   *
   * @param path of the model, for messages
   * @param weights folder of its weight files
   * @throws EngineException if the build or the machine does not have it, or the runtime rejects
   */
  private OrtSession session(Path path, Path weights, Opening opening) {
    settings.device().requireProvider();
    try (SessionOptions options = new SessionOptions()) {
      if (settings.device().kind() == Device.Kind.CUDA) {
        CudaProvider.addTo(options, settings.device(), settings.runtime().deviceMemoryBytes());
      }
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
          "session.model_external_initializers_file_folder_path", weights.toString());
      return opening.with(options);
    } catch (OrtException e) {
      throw new EngineException("Model '%s' is refused by the runtime".formatted(path), e);
    }
  }

  /** The session copies and rearranges its input. */
  private OrtSession quantised(ModelDirectory directory, byte[] graph, SessionOptions options)
      throws OrtException {
    try (Int8Weights weights =
        Int8Weights.of(environment, directory.config(), directory.weights())) {
      weights.addTo(options);
      return environment.createSession(graph, options);
    }
  }

  private static void smokeTest(InferenceDecoder decoder, Path path) throws OrtException {
    int vocabulary = decoder.config().vocabularySize();
    int outputs = decoder.config().outputs();
    int length = Math.min(SMOKE_TEST_TOKENS, decoder.capacity());
    int[] prompt = new int[length];
    for (int i = 0; i < length; i++) {
      prompt[i] = (int) ((long) i * vocabulary / length);
    }
    decoder.extend(0, prompt, 0, length);
    FloatBuffer logits = decoder.logits().rows();
    for (int id = 0; id < outputs; id++) {
      float logit = logits.get(id);
      if (!Float.isFinite(logit)) {
        throw new EngineException(
            "Model '%s': logit %s of token %d (expected: finite) after a short prompt"
                .formatted(path, logit, id));
      }
    }
    decoder.release(0, 0);
  }
}
