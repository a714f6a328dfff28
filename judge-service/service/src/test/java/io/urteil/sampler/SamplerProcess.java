package io.urteil.sampler;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.event.Namespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A sampler in a process of its own, to be killed: its engine takes its time over each request. */
final class SamplerProcess {

  private SamplerProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Namespace place = new Namespace(arguments[0], arguments[1], Path.of(arguments[2]));
    EngineFactory engines = EngineFactory.onnx(SamplerSettings.defaults());
    new Sampler(place, shape -> new Slow(engines.start(shape)), 1_000).start();
    Thread.currentThread().join();
  }

  private record Slow(InferenceEngine engine) implements InferenceEngine {

    @Override
    public CompletableFuture<Completion> submit(CompletionRequest request, Runnable onBegin) {
      System.out.println("sampling " + request.id());
      long millis = Math.floorMod(request.id().hashCode(), 40) * 50L;
      return CompletableFuture.supplyAsync(
              () -> 0, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
          .thenCompose(now -> engine.submit(request, onBegin));
    }

    @Override
    public Optional<ModelVersion> current() {
      return engine.current();
    }

    @Override
    public List<ModelVersion> loaded() {
      return engine.loaded();
    }

    @Override
    public CompletableFuture<LoadOutcome> load(ModelVersion version, Path directory) {
      return engine.load(version, directory);
    }

    @Override
    public void makeCurrent(ModelVersion version) {
      engine.makeCurrent(version);
    }

    @Override
    public CompletableFuture<Void> retire(ModelVersion version) {
      return engine.retire(version);
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
