package io.urteil.sampler;

import io.urteil.engine.InferenceEngine;
import io.urteil.engine.ModelVersion;
import io.urteil.sampler.metrics.SamplerMetrics;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open versions of one run. A version is opened when it is asked for, in the background, and
 * closed when it is neither in use nor among the newest. Belongs to the sampling thread.
 */
final class PolicyCache implements AutoCloseable {

  /** Where a version stands. */
  sealed interface Place {

    /** Being opened. */
    record Opening() implements Place {}

    /** Ready to sample. */
    record Open(OpenPolicy policy) implements Place {}

    /** Could not be opened and will not be tried again. */
    record Refused(String reason) implements Place {}
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(PolicyCache.class);

  /** Open versions kept besides those in use. */
  private static final int KEPT = 2;

  private final PolicyOpener opener;
  private final SamplerMetrics metrics;
  private final Executor background;
  private final BiConsumer<PolicyVersion, PolicyOpener.Outcome> opened;
  private final Map<ModelVersion, Place> places = new HashMap<>();
  private final Map<ModelVersion, Integer> uses = new HashMap<>();
  private final Map<ModelVersion, CompletableFuture<Void>> leaving = new HashMap<>();

  /**
   * @param background where versions are opened
   * @param opened told of the outcome, on the background thread; must bring it back by {@link #put}
   */
  PolicyCache(
      PolicyOpener opener,
      SamplerMetrics metrics,
      Executor background,
      BiConsumer<PolicyVersion, PolicyOpener.Outcome> opened) {
    this.opener = opener;
    this.metrics = metrics;
    this.background = background;
    this.opened = opened;
  }

  /**
   * Where this version stands; begins to open it if nobody has. One that was closed a moment ago is
   * opened when the engine has let go of it.
   */
  Place ask(PolicyVersion version) {
    Place place = places.get(version.name());
    if (place == null) {
      place = new Place.Opening();
      places.put(version.name(), place);
      CompletableFuture<Void> closing = leaving.remove(version.name());
      (closing == null ? CompletableFuture.<Void>completedFuture(null) : closing)
          .whenCompleteAsync((gone, error) -> opened.accept(version, timed(version)), background);
    }
    return place;
  }

  private PolicyOpener.Outcome timed(PolicyVersion version) {
    long start = System.nanoTime();
    PolicyOpener.Outcome outcome = open(version);
    metrics
        .of(version.runId())
        .loaded(outcome instanceof PolicyOpener.Outcome.Opened, System.nanoTime() - start);
    return outcome;
  }

  /** Whatever goes wrong is an answer: prompts wait for one. */
  private PolicyOpener.Outcome open(PolicyVersion version) {
    try {
      return opener.open(version);
    } catch (RuntimeException | Error e) {
      LOGGER
          .atError()
          .addKeyValue("policyVersion", version.number())
          .setCause(e)
          .log("opening a policy version failed");
      return new PolicyOpener.Outcome.Refused("opening it failed: " + e);
    }
  }

  /** Notes what came of opening a version. */
  void put(PolicyVersion version, PolicyOpener.Outcome outcome) {
    places.put(
        version.name(),
        switch (outcome) {
          case PolicyOpener.Outcome.Opened(OpenPolicy policy) -> new Place.Open(policy);
          case PolicyOpener.Outcome.Refused(String reason) -> new Place.Refused(reason);
        });
  }

  /** A prompt is being sampled with this version. */
  void use(PolicyVersion version) {
    uses.merge(version.name(), 1, Integer::sum);
  }

  /** A prompt is no longer sampled with this version. */
  void release(PolicyVersion version) {
    uses.computeIfPresent(version.name(), (name, count) -> count == 1 ? null : count - 1);
  }

  /** Closes every version that is not in use and older than the newest few open ones. */
  void closeUnneeded() {
    long oldestKept =
        places.entrySet().stream()
            .filter(entry -> entry.getValue() instanceof Place.Open)
            .map(entry -> -entry.getKey().number())
            .sorted()
            .limit(KEPT)
            .reduce((newer, older) -> older)
            .map(number -> -number)
            .orElse(0L);
    Iterator<Map.Entry<ModelVersion, Place>> entries = places.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<ModelVersion, Place> entry = entries.next();
      ModelVersion version = entry.getKey();
      if (entry.getValue() instanceof Place.Open(OpenPolicy policy)
          && version.number() < oldestKept
          && !uses.containsKey(version)) {
        entries.remove();
        leaving.values().removeIf(CompletableFuture::isDone);
        leaving.put(version, retire(policy));
      }
    }
  }

  private static CompletableFuture<Void> retire(OpenPolicy policy) {
    InferenceEngine engine = policy.engine();
    return engine
        .retire(policy.version().name())
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                LOGGER
                    .atWarn()
                    .addKeyValue("policyVersion", policy.version().number())
                    .addKeyValue("error", error.toString())
                    .log("a version could not be closed");
              }
            });
  }

  @Override
  public void close() {
    opener.close();
  }
}
