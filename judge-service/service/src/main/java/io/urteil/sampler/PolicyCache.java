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
 * The open policy versions of one run. A version is opened in the background on first use, and
 * closed when it is neither in use nor among the newest. Used by the sampling thread only.
 */
final class PolicyCache implements AutoCloseable {

  /** The state of a version. */
  sealed interface Entry {

    /** The version is being opened. */
    record Opening() implements Entry {}

    /** The version can be sampled from. */
    record Open(OpenPolicy policy) implements Entry {}

    /** The version cannot be opened; there is no retry. */
    record Rejected(String reason) implements Entry {}
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(PolicyCache.class);

  /** Number of newest versions that stay open without being used. */
  private static final int KEPT = 2;

  private final PolicyOpener opener;
  private final SamplerMetrics metrics;
  private final Executor background;
  private final BiConsumer<PolicyVersion, PolicyOpener.Outcome> opened;
  private final Map<ModelVersion, Entry> versions = new HashMap<>();
  private final Map<ModelVersion, Integer> uses = new HashMap<>();
  private final Map<ModelVersion, CompletableFuture<Void>> retiring = new HashMap<>();

  /**
   * @param background executor that opens versions
   * @param opened receives each outcome on a background thread; must pass it to {@link #put} on the
   *     sampling thread
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
   * The state of this version; starts to open it on the first call. A version that is being closed
   * is opened again after the engine has released it.
   */
  Entry stateOf(PolicyVersion version) {
    Entry state = versions.get(version.name());
    if (state == null) {
      state = new Entry.Opening();
      versions.put(version.name(), state);
      CompletableFuture<Void> closing = retiring.remove(version.name());
      (closing == null ? CompletableFuture.<Void>completedFuture(null) : closing)
          .whenCompleteAsync((gone, error) -> opened.accept(version, timed(version)), background);
    }
    return state;
  }

  private PolicyOpener.Outcome timed(PolicyVersion version) {
    long start = System.nanoTime();
    PolicyOpener.Outcome outcome = open(version);
    metrics
        .of(version.runId())
        .loaded(outcome instanceof PolicyOpener.Outcome.Opened, System.nanoTime() - start);
    return outcome;
  }

  /** Converts every failure to an outcome, because prompts wait for one. */
  private PolicyOpener.Outcome open(PolicyVersion version) {
    try {
      return opener.open(version);
    } catch (RuntimeException | Error e) {
      LOGGER
          .atError()
          .addKeyValue("policyVersion", version.number())
          .setCause(e)
          .log("cannot open policy version");
      return new PolicyOpener.Outcome.Rejected("cannot open policy version: " + e);
    }
  }

  /** Records the outcome of opening a version. */
  void put(PolicyVersion version, PolicyOpener.Outcome outcome) {
    versions.put(
        version.name(),
        switch (outcome) {
          case PolicyOpener.Outcome.Opened(OpenPolicy policy) -> new Entry.Open(policy);
          case PolicyOpener.Outcome.Rejected(String reason) -> new Entry.Rejected(reason);
        });
  }

  /** Marks the version as used by one more prompt. */
  void use(PolicyVersion version) {
    uses.merge(version.name(), 1, Integer::sum);
  }

  /** Ends one use of the version. */
  void release(PolicyVersion version) {
    uses.computeIfPresent(version.name(), (name, count) -> count == 1 ? null : count - 1);
  }

  /** Closes every unused version that is older than the newest open ones. */
  void closeUnneeded() {
    long oldestKept =
        versions.entrySet().stream()
            .filter(entry -> entry.getValue() instanceof Entry.Open)
            .map(entry -> -entry.getKey().number())
            .sorted()
            .limit(KEPT)
            .reduce((newer, older) -> older)
            .map(number -> -number)
            .orElse(0L);
    Iterator<Map.Entry<ModelVersion, Entry>> entries = versions.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<ModelVersion, Entry> entry = entries.next();
      ModelVersion version = entry.getKey();
      if (entry.getValue() instanceof Entry.Open(OpenPolicy policy)
          && version.number() < oldestKept
          && !uses.containsKey(version)) {
        entries.remove();
        retiring.values().removeIf(CompletableFuture::isDone);
        retiring.put(version, retire(policy));
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
                    .log("cannot close policy version");
              }
            });
  }

  @Override
  public void close() {
    opener.close();
  }
}
