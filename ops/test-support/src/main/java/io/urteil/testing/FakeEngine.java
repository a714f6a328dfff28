package io.urteil.testing;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineClosedException;
import io.urteil.engine.EngineException;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.StopReason;
import io.urteil.engine.grammar.StopSequences;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An engine without a model, for tests of its callers. Completions come from a function of request
 * and sample index, immediately and on the calling thread. Each token has log-probability {@code
 * -0.5}. Any existing directory can be loaded as a version.
 *
 * <p>Stop tokens, stop texts and the length limit apply as in a real engine; a grammar does not.
 * The watched token with which sample 0 starts has log-probability {@code -0.5}, all other watched
 * tokens have {@link #NOT_SAMPLED}. Thread-safe.
 */
public final class FakeEngine implements InferenceEngine {

  /** The log-probability of every token. */
  public static final float LOG_PROBABILITY = -0.5f;

  /** The log-probability of a watched token that is not sampled. */
  public static final double NOT_SAMPLED = -5;

  /** Returns the sampled tokens, including the stop token. Called on the submitting thread. */
  @FunctionalInterface
  public interface Script {
    int[] tokenIds(CompletionRequest request, ModelVersion version, int sample);
  }

  private final Script script;
  private final ConcurrentHashMap<ModelVersion, Boolean> loaded = new ConcurrentHashMap<>();
  private final List<CompletionRequest> requests = new CopyOnWriteArrayList<>();
  private volatile @Nullable ModelVersion current;
  private volatile boolean closed;

  public FakeEngine(ModelVersion version, Script script) {
    this.script = script;
    loaded.put(version, true);
    current = version;
  }

  /** All submitted requests, in order. */
  public List<CompletionRequest> requests() {
    return List.copyOf(requests);
  }

  @Override
  public CompletableFuture<Completion> submit(CompletionRequest request, Runnable onBegin) {
    if (closed) {
      return CompletableFuture.failedFuture(new EngineClosedException(request.id()));
    }
    requests.add(request);
    onBegin.run();
    ModelVersion version = request.version() == null ? current : request.version();
    if (version == null || !loaded.containsKey(version)) {
      return CompletableFuture.failedFuture(
          new EngineException(
              "Request '%s' names version %s, which is not loaded (loaded: %s)"
                  .formatted(request.id(), version, loaded())));
    }
    try {
      List<CompletionSample> samples = new ArrayList<>();
      for (int sample = 0; sample < request.samples(); sample++) {
        samples.add(sample(sample, script.tokenIds(request, version, sample), request));
      }
      int[] first = samples.getFirst().tokenIds();
      List<Double> watched =
          request.watched().stream()
              .map(id -> first.length > 0 && first[0] == id ? LOG_PROBABILITY : NOT_SAMPLED)
              .toList();
      return CompletableFuture.completedFuture(
          new Completion(request.id(), version, samples, watched));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(
          new EngineException("Request '%s': the script failed".formatted(request.id()), e));
    }
  }

  @Override
  public Optional<ModelVersion> current() {
    return Optional.ofNullable(current);
  }

  @Override
  public List<ModelVersion> loaded() {
    return List.copyOf(loaded.keySet());
  }

  @Override
  public CompletableFuture<LoadOutcome> load(ModelVersion version, Path directory) {
    if (!Files.isDirectory(directory)) {
      return CompletableFuture.completedFuture(
          new LoadOutcome.Rejected(version, "no directory " + directory));
    }
    loaded.put(version, true);
    return CompletableFuture.completedFuture(new LoadOutcome.Loaded(version, Duration.ZERO));
  }

  @Override
  public void makeCurrent(ModelVersion version) {
    if (!loaded.containsKey(version)) {
      throw new IllegalArgumentException(
          "version: %s (expected: a loaded version, one of %s)".formatted(version, loaded()));
    }
    current = version;
  }

  @Override
  public CompletableFuture<Void> retire(ModelVersion version) {
    if (version.equals(current)) {
      throw new IllegalArgumentException(
          "version: %s (expected: a version other than the current one)".formatted(version));
    }
    loaded.remove(version);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    closed = true;
  }

  private static CompletionSample sample(int index, int[] script, CompletionRequest request) {
    Sampling sampling = request.sampling();
    StopSequences stopTexts = request.stopTexts();
    int length = Math.min(script.length, sampling.maxTokens());
    StopReason reason = StopReason.LENGTH;
    String stopText = "";
    int state = StopSequences.START;
    for (int i = 0; i < length; i++) {
      boolean stops = sampling.stopTokenIds().contains(script[i]);
      if (!stops && stopTexts != null) {
        state = stopTexts.after(state, script[i]);
        stops = stopTexts.isStop(state);
        stopText = stops ? stopTexts.text(state) : "";
      }
      if (stops) {
        length = i + 1;
        reason = StopReason.STOP;
      }
    }
    int[] tokenIds = Arrays.copyOf(script, length);
    float[] logProbabilities = new float[length];
    Arrays.fill(logProbabilities, LOG_PROBABILITY);
    return new CompletionSample(
        index, tokenIds, logProbabilities, new BitSet(), reason, stopText, "");
  }
}
