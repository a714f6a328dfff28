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
    try (Shelf shelf = new Shelf(shape -> engine)) {
      List.of(0, 1, 2).forEach(shelf::ask);
      shelf.places.closeUnneeded();

      // When
      PolicyCache.Place before = shelf.ask(0);
      engine.letGo();
      PolicyCache.Place after = shelf.ask(0);

      // Then
      assertThat(before).isInstanceOf(PolicyCache.Place.Opening.class);
      assertThat(after).isInstanceOf(PolicyCache.Place.Open.class);
    }
  }

  @Test
  void shouldRefuseAVersionWhenOpeningItFailsUnexpectedly() {
    // Given
    EngineFactory broken =
        shape -> {
          throw new IllegalStateException("no runtime");
        };
    try (Shelf shelf = new Shelf(broken)) {

      // When
      shelf.ask(0);
      PolicyCache.Place place = shelf.ask(0);

      // Then
      assertThat(place)
          .isInstanceOfSatisfying(
              PolicyCache.Place.Refused.class,
              refused -> assertThat(refused.reason()).contains("no runtime"));
    }
  }

  /** A shelf whose background is the calling thread. */
  private final class Shelf implements AutoCloseable {

    final PolicyCache places;

    Shelf(EngineFactory engines) {
      PolicyCache[] self = new PolicyCache[1];
      places =
          new PolicyCache(
              new PolicyOpener(engines),
              new SamplerMetrics(new SimpleMeterRegistry()),
              Runnable::run,
              (version, outcome) -> self[0].put(version, outcome));
      self[0] = places;
    }

    PolicyCache.Place ask(int number) {
      return places.ask(new PolicyVersion("run", "model", "first", number, model, List.of(), null));
    }

    @Override
    public void close() {
      places.close();
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
              : new LoadOutcome.Refused(version, "still held"));
    }

    @Override
    public CompletableFuture<Void> retire(ModelVersion version) {
      return Objects.requireNonNull(held.get(version), "version");
    }

    @Override
    public CompletableFuture<Completion> submit(CompletionRequest request) {
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
