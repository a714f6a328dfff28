package io.urteil.engine.onnx;

import io.micrometer.core.instrument.Metrics;
import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.EngineBusyException;
import io.urteil.engine.EngineClosedException;
import io.urteil.engine.EngineException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.EngineStatistics;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.runtime.CacheDecision;
import io.urteil.engine.runtime.DecoderLoader;
import io.urteil.engine.runtime.InferenceDecoder;
import io.urteil.engine.runtime.MemoryAdvice;
import io.urteil.engine.runtime.MemoryLedger;
import io.urteil.engine.runtime.MemoryRequirement;
import io.urteil.engine.runtime.OnnxRuntime;
import io.urteil.engine.scheduling.ContinuousBatch;
import io.urteil.engine.scheduling.EngineMeter;
import io.urteil.engine.scheduling.EngineMetrics;
import io.urteil.engine.scheduling.ModelRegistry;
import io.urteil.engine.scheduling.RequestEndings;
import io.urteil.engine.scheduling.RequestInFlight;
import io.urteil.engine.scheduling.VersionedModel;
import io.urteil.engine.scheduling.WaitingRequests;
import io.urteil.engine.scheduling.WorkerTeam;
import io.urteil.model.ModelDirectory;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine on ONNX Runtime, for the CPU or a card. It reads Hugging Face directories without
 * conversion.
 *
 * <p>One scheduler thread runs the models and samples the tokens; for large batches of large
 * vocabularies helper threads assist it, up to the number of threads of the runtime. A second
 * thread opens and closes versions, so that a switch does not delay a step. Requests that name no
 * version wait until one is current.
 */
public final class OnnxEngine implements InferenceEngine {

  private static final Logger LOGGER = LoggerFactory.getLogger(OnnxEngine.class);
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int CLOSE_SECONDS = 60;

  private final EngineSettings settings;
  private final MemoryLedger memory;
  private final ExecutorService loader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("urteil-engine-loader").factory());
  private final ModelRegistry registry = new ModelRegistry(this::closeInBackground);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong order = new AtomicLong();
  private final RequestEndings endings = new RequestEndings(registry, inFlight);
  private final EngineMeter meter = new EngineMeter();
  private final WaitingRequests waiting = new WaitingRequests(registry, endings, meter);
  private final ConcurrentLinkedQueue<RequestInFlight> arrivals = new ConcurrentLinkedQueue<>();
  private final EngineMetrics metrics;
  private final DecoderLoader decoders;
  private final WorkerTeam crew;
  private final Thread scheduler;
  private volatile boolean closed;

  /** Of the first version that was opened, for all later ones; confined to the loader's thread. */
  private @Nullable CacheDecision cache;

  private OnnxEngine(EngineSettings settings, MemoryLedger memory, String use) {
    this.settings = settings;
    this.memory = memory;
    this.metrics = new EngineMetrics(Metrics.globalRegistry, use, meter);
    this.decoders = new DecoderLoader(OnnxRuntime.environment(), settings);
    this.crew = new WorkerTeam(settings.threads() - 1);
    this.scheduler =
        Thread.ofPlatform().daemon().name("urteil-engine-scheduler").unstarted(this::schedule);
  }

  /** Memory of the runtime for the weights of this model, in bytes. */
  public static long weightBytes(ModelDirectory model, WeightPrecision weights) {
    return MemoryRequirement.of(model, EngineSettings.of(1, 2).withWeights(weights)).weights();
  }

  /**
   * An engine without a model; {@link #switchTo} loads one. It shares the memory limit of the
   * machine, or of the card, with the other engines of the process.
   */
  public static OnnxEngine start(EngineSettings settings) {
    return start(settings, "direct");
  }

  /**
   * As {@link #start(EngineSettings)}.
   *
   * @param use what it is for, as its meters are tagged: {@code policy}, {@code judge}
   */
  public static OnnxEngine start(EngineSettings settings, String use) {
    return start(settings, MemoryLedger.of(settings.runtime()), use);
  }

  /** An engine without a model, with the memory limit of a ledger. */
  public static OnnxEngine start(EngineSettings settings, MemoryLedger memory) {
    return start(settings, memory, "direct");
  }

  private static OnnxEngine start(EngineSettings settings, MemoryLedger memory, String use) {
    OnnxEngine engine = new OnnxEngine(settings, memory, use);
    engine.scheduler.start();
    return engine;
  }

  @Override
  public CompletableFuture<Completion> submit(CompletionRequest request, Runnable onBegin) {
    if (closed) {
      return CompletableFuture.failedFuture(new EngineClosedException(request.id()));
    }
    if (inFlight.incrementAndGet() > settings.requestLimit()) {
      inFlight.decrementAndGet();
      return CompletableFuture.failedFuture(
          new EngineBusyException(
              "Request '%s' is one too many: %d are in flight"
                  .formatted(request.id(), settings.requestLimit())));
    }
    ModelVersion named = request.version();
    Optional<VersionedModel> model = named == null ? Optional.empty() : registry.acquire(named);
    if (named != null && model.isEmpty()) {
      inFlight.decrementAndGet();
      return CompletableFuture.failedFuture(
          new EngineException(
              "Request '%s' names version %s, which is not loaded (loaded: %s)"
                  .formatted(request.id(), named, loaded())));
    }
    RequestInFlight accepted =
        new RequestInFlight(request, order.getAndIncrement(), model.orElse(null), onBegin);
    arrivals.add(accepted);
    LockSupport.unpark(scheduler);
    if (closed) {
      // The scheduler may have checked for the last time before this request arrived.
      failArrivals();
    }
    return accepted.future();
  }

  @Override
  public Optional<ModelVersion> current() {
    return registry.current().map(VersionedModel::version);
  }

  @Override
  public List<ModelVersion> loaded() {
    return registry.loaded();
  }

  @Override
  public CompletableFuture<LoadOutcome> load(ModelVersion version, Path directory) {
    try {
      return CompletableFuture.supplyAsync(() -> loadNow(version, directory), loader);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(refused(version, "the engine is closed"));
    }
  }

  @Override
  public void makeCurrent(ModelVersion version) {
    registry.makeCurrent(version);
    LockSupport.unpark(scheduler);
  }

  @Override
  public CompletableFuture<Void> retire(ModelVersion version) {
    return registry.retire(version);
  }

  /** The counters so far. */
  public EngineStatistics statistics() {
    return meter.statistics();
  }

  @Override
  public void close() {
    closed = true;
    metrics.close();
    LockSupport.unpark(scheduler);
    loader.shutdown();
    try {
      scheduler.join();
      if (!loader.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOGGER.atWarn().log("model still loading at shutdown; not waiting for it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    registry.closeAll();
  }

  private LoadOutcome loadNow(ModelVersion version, Path directory) {
    if (registry.contains(version)) {
      return refused(version, "this version is loaded, or still has running requests");
    }
    long start = System.nanoTime();
    InferenceDecoder decoder;
    EngineSettings sized;
    MemoryRequirement need;
    CacheDecision decision;
    MemoryLedger.Reservation reservation = MemoryLedger.NOTHING;
    try {
      ModelDirectory model = ModelDirectory.open(directory);
      int more = Math.max(1, settings.versions() - registry.running().size());
      // The memory that a decision counts on stays free until it is reserved.
      synchronized (memory) {
        EngineSettings asked = cache == null ? settings : settings.withCache(cache.bytes());
        decision = CacheDecision.of(model, asked, memory.free(), more);
        sized = settings.withCache(decision.bytes());
        need = MemoryRequirement.of(model, sized);
        reservation = memory.reserve(directory, need, more, MemoryAdvice.of(model, sized, more));
      }
      try (MemoryLedger.Reservation opening = memory.reserve(directory, need.whileOpening(), 1)) {
        decoder = decoders.open(directory);
      }
    } catch (UnusableModelException | EngineException e) {
      reservation.close();
      return refused(version, reason(e));
    } catch (IOException e) {
      reservation.close();
      return refused(version, "Model '%s' cannot be read: %s".formatted(directory, e));
    }
    if (closed) {
      decoder.close();
      reservation.close();
      return refused(version, "the engine is closed");
    }
    registry.add(
        new VersionedModel(
            version, new ContinuousBatch(decoder, sized, meter, endings, crew), reservation));
    if (cache == null) {
      cache = decision;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    OpenedModel.line(LOGGER, directory, sized, need, decision, took)
        .addKeyValue("policyVersion", version)
        .log("model opened");
    return new LoadOutcome.Loaded(version, took);
  }

  private static LoadOutcome refused(ModelVersion version, String reason) {
    LOGGER
        .atWarn()
        .addKeyValue("policyVersion", version)
        .addKeyValue("error", reason)
        .log("model refused");
    return new LoadOutcome.Rejected(version, reason);
  }

  private static String reason(RuntimeException e) {
    Throwable cause = e.getCause();
    String message = String.valueOf(e.getMessage());
    return cause == null ? message : message + ": " + cause.getMessage();
  }

  private void schedule() {
    try {
      boolean idle = false;
      long swept = System.nanoTime();
      while (!closed) {
        if (idle) {
          rest();
        }
        long start = System.nanoTime();
        receive();
        if (start - swept > SWEEP_NANOS) {
          waiting.sweep();
          swept = start;
        }
        idle = true;
        for (VersionedModel model : registry.running()) {
          idle &= !model.batch().turn(model, waiting);
        }
        if (!idle) {
          meter.busy(System.nanoTime() - start);
        }
      }
    } catch (RuntimeException | Error e) {
      LOGGER.atError().setCause(e).log("the engine's scheduler ended");
      closed = true;
      throw e;
    } finally {
      failAll();
      crew.close();
    }
  }

  /** Waits for an arrival; wakes up periodically while a waiting request may become overdue. */
  private void rest() {
    if (arrivals.isEmpty() && !closed) {
      if (waiting.hasUnnamed()) {
        LockSupport.parkNanos(this, SWEEP_NANOS);
      } else {
        LockSupport.park(this);
      }
    }
  }

  private void receive() {
    for (RequestInFlight next = arrivals.poll(); next != null; next = arrivals.poll()) {
      waiting.add(next);
    }
  }

  private void failAll() {
    for (VersionedModel model : registry.running()) {
      model.batch().failAll(EngineClosedException::new);
    }
    waiting.failAll();
    failArrivals();
  }

  private void failArrivals() {
    for (RequestInFlight next = arrivals.poll(); next != null; next = arrivals.poll()) {
      endings.failed(next, new EngineClosedException(next.id()));
    }
  }

  private void closeInBackground(Runnable close) {
    try {
      loader.execute(close);
    } catch (RejectedExecutionException e) {
      // The engine is closing and closes every version itself.
      LOGGER.atDebug().log("a drained version is closed with the engine");
    }
  }
}
