package io.urteil.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.sampler.metrics.SamplerMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCacheTest {

  private final Path model;

  PolicyCacheTest(@TempDir Path directory) throws IOException {
    this.model = TinyPolicy.write(directory.resolve("model"), 1);
  }

  @Test
  void shouldOpenAVersionAgainWhenTheEngineHasLetGoOfIt() {
    // Given
    SlowToLetGo engine = new SlowToLetGo();
    try (Policies policies = new Policies(shape -> engine)) {
      List.of(0, 1, 2).forEach(policies::ask);
      policies.cache.closeUnneeded();

      // When
      PolicyCache.Entry before = policies.ask(0);
      engine.letGo();
      PolicyCache.Entry after = policies.ask(0);

      // Then
      assertThat(before).isInstanceOf(PolicyCache.Entry.Opening.class);
      assertThat(after).isInstanceOf(PolicyCache.Entry.Open.class);
    }
  }

  @Test
  void shouldRefuseAVersionWhenOpeningItFailsUnexpectedly() {
    // Given
    EngineFactory broken =
        shape -> {
          throw new IllegalStateException("no runtime");
        };
    try (Policies policies = new Policies(broken)) {

      // When
      policies.ask(0);
      PolicyCache.Entry state = policies.ask(0);

      // Then
      assertThat(state)
          .isInstanceOfSatisfying(
              PolicyCache.Entry.Rejected.class,
              rejected -> assertThat(rejected.reason()).contains("no runtime"));
    }
  }

  /** A cache whose background is the calling thread. */
  private final class Policies implements AutoCloseable {

    final PolicyCache cache;

    Policies(EngineFactory engines) {
      PolicyCache[] self = new PolicyCache[1];
      cache =
          new PolicyCache(
              new PolicyOpener(engines, io.urteil.file.FileRoots.any()),
              new SamplerMetrics(new SimpleMeterRegistry()),
              Runnable::run,
              (version, outcome) -> self[0].put(version, outcome));
      self[0] = cache;
    }

    PolicyCache.Entry ask(int number) {
      return cache.stateOf(
          new PolicyVersion("run", "model", "first", number, model, List.of(), null));
    }

    @Override
    public void close() {
      cache.close();
    }
  }

  /** Refuses a version that it still holds, as the real engine does, and holds it until told. */
  private static final class SlowToLetGo implements InferenceEngine {

    private final Map<ModelVersion, CompletableFuture<Void>> held = new HashMap<>();

    void letGo() {
      List<CompletableFuture<Void>> all = List.copyOf(held.values());
      held.clear();
      all.forEach(closed -> closed.complete(null));
    }

    @Override
    public CompletableFuture<LoadOutcome> load(ModelVersion version, Path directory) {
      return CompletableFuture.completedFuture(
          held.putIfAbsent(version, new CompletableFuture<>()) == null
              ? new LoadOutcome.Loaded(version, Duration.ZERO)
              : new LoadOutcome.Rejected(version, "still held"));
    }

    @Override
    public CompletableFuture<Void> retire(ModelVersion version) {
      return Objects.requireNonNull(held.get(version), "version");
    }

    @Override
    public CompletableFuture<Completion> submit(CompletionRequest request, Runnable onBegin) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ModelVersion> current() {
      return Optional.empty();
    }

    @Override
    public List<ModelVersion> loaded() {
      return List.copyOf(held.keySet());
    }

    @Override
    public void makeCurrent(ModelVersion version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
