package io.urteil.bench.engine;

import io.urteil.bench.engine.DeviceReport.Check;
import io.urteil.bench.engine.DeviceReport.Outcome;
import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.Device;
import io.urteil.engine.EngineException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.EngineStatistics;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.UnusableDeviceException;
import io.urteil.engine.onnx.BareDecoder;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.model.DecoderConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies and measures the engine on a device: samples compared with the processor and with other
 * batches, decode steps of many shapes, overhead, and memory after reloads. It also runs on the
 * processor, so that the benchmark itself can be tested without a card.
 */
public final class DeviceBench {

  /** Maximum gap of log-probabilities that rounding in single precision explains. */
  private static final double MAX_GAP_SINGLE = 1e-4;

  /** Maximum mean gap of log-probabilities that rounding in 16 bits explains. */
  private static final double MAX_MEAN_GAP_HALF = 0.05;

  private static final double MAX_GROWTH = 1.1;
  private static final int RELOADS = 20;
  private static final int SETTLED = 5;
  private static final int SLOTS = 8;
  private static final int CAPACITY = 256;
  private static final int TOKENS = 48;
  private static final int STEPS = 16;

  /**
   * @param device the device under test
   * @param model a model directory; null for the random model, which is created if missing
   * @param home directory of random models
   * @param quick whether to use few shapes and a tiny random model
   */
  public record Settings(Device device, @Nullable Path model, Path home, boolean quick) {}

  private interface Measurement {
    Check check() throws IOException;
  }

  private final Settings settings;
  private final DeviceMeter meter;
  private final Path model;
  private final DecoderConfig config;
  private final List<Check> checks = new ArrayList<>();

  /**
   * @throws IOException if the model cannot be created or read
   */
  public DeviceBench(Settings settings) throws IOException {
    this.settings = settings;
    this.meter = new DeviceMeter(settings.device());
    Path given = settings.model();
    this.model =
        given != null
            ? given
            : (settings.quick() ? BenchModel.DEMO : BenchModel.BIG).in(settings.home());
    this.config = DecoderConfig.read(model);
  }

  /**
   * Runs all checks. {@code progress} receives one line per check.
   *
   * @throws UnusableDeviceException if the model cannot be opened on the device
   */
  public DeviceReport run(Consumer<String> progress) throws IOException {
    try (OnnxEngine engine = open(engineSettings(settings.device(), SLOTS))) {
      checks.add(
          new Check(
              "opens",
              Outcome.PASSED,
              "a session on the device only, with finite logits for a short prompt",
              Map.of()));
      progress.accept("opens: " + engine.loaded());
    } catch (EngineException e) {
      throw new UnusableDeviceException(String.valueOf(e.getMessage()), e);
    }
    measure(progress, "same samples as the processor", this::compareWithProcessor);
    measure(progress, "same samples in any batch", this::compareWithOtherBatches);
    measure(progress, "decode steps", this::decodeSteps);
    measure(progress, "overhead of a step", this::overhead);
    measure(progress, "reloads", this::reloads);
    skip("CUDA graphs, Loop graph, paged attention", "the engine does not use them");
    skip(
        "keys and values of 8 bits, weights of 8 bits",
        "the engine does not support them on a card");
    skip(
        "gap to the trainer",
        "train a run with the sampler on the card: its updates report the gap of"
            + " log-probabilities");
    return new DeviceReport(
        settings.device().toString(),
        settings.device().numbers().name().toLowerCase(java.util.Locale.ROOT),
        model.toString(),
        meter.hardware(),
        checks);
  }

  private void measure(Consumer<String> progress, String name, Measurement measurement)
      throws IOException {
    Check check;
    try {
      check = measurement.check();
    } catch (EngineException e) {
      Throwable cause = e.getCause();
      String why = cause == null ? "" : ": " + cause.getMessage();
      check = new Check(name, Outcome.FAILED, e.getMessage() + why, Map.of());
    }
    checks.add(check);
    progress.accept("%s: %s %s".formatted(name, check.outcome(), check.figures()));
  }

  private void skip(String name, String reason) {
    checks.add(new Check(name, Outcome.SKIPPED, reason, Map.of()));
  }

  private Check compareWithProcessor() {
    return compare(
        "same samples as the processor",
        "samples compared with the processor in single precision, with the same seeds",
        completions(settings.device(), SLOTS, false),
        completions(Device.CPU, SLOTS, false));
  }

  private Check compareWithOtherBatches() {
    return compare(
        "same samples in any batch",
        "ragged batches, reused slots and copied prompts compared with one sequence at a time",
        completions(settings.device(), SLOTS, false),
        completions(settings.device(), 1, true));
  }

  /** Compares log-probabilities up to the first different token of two samples. */
  private Check compare(
      String name, String about, List<Completion> found, List<Completion> expected) {
    double largest = 0;
    double sum = 0;
    int tokens = 0;
    int same = 0;
    int samples = 0;
    for (int i = 0; i < found.size(); i++) {
      for (int sample = 0; sample < found.get(i).samples().size(); sample++) {
        var one = found.get(i).samples().get(sample);
        var other = expected.get(i).samples().get(sample);
        int common = java.util.Arrays.mismatch(one.tokenIds(), other.tokenIds());
        same += common < 0 ? 1 : 0;
        samples++;
        int until = common < 0 ? one.tokenIds().length : common;
        for (int token = 0; token < until; token++) {
          double gap = Math.abs(one.logProbabilities()[token] - other.logProbabilities()[token]);
          largest = Math.max(largest, gap);
          sum += gap;
          tokens++;
        }
      }
    }
    Map<String, Double> figures = new TreeMap<>();
    figures.put("gapLargest", largest);
    figures.put("gapMean", tokens == 0 ? Double.NaN : sum / tokens);
    figures.put("sameShare", (double) same / samples);
    figures.put("tokens", (double) tokens);
    boolean single = settings.device().numbers() == Device.Numbers.F32;
    boolean passed =
        tokens > 0 && (single ? largest <= MAX_GAP_SINGLE : sum / tokens <= MAX_MEAN_GAP_HALF);
    return new Check(name, passed ? Outcome.PASSED : Outcome.FAILED, about, figures);
  }

  /** Completions of requests of different lengths, concurrently or in sequence. */
  private List<Completion> completions(Device device, int slots, boolean alone) {
    List<CompletionRequest> requests = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(5);
    int most = settings.quick() ? 6 : 24;
    int longest = capacity() - TOKENS - 1;
    for (int i = 0; i < most; i++) {
      int length = 1 + (int) ((long) i * (longest - 1) / most);
      int[] prompt = random.ints(length, 0, config.vocabularySize()).toArray();
      Sampling sampling =
          switch (i % 3) {
            case 0 -> Sampling.at(1, TOKENS, List.of(), i);
            case 1 -> new Sampling(0.7, 0.95, 20, TOKENS, List.of(), i);
            default -> Sampling.greedy(TOKENS, List.of());
          };
      requests.add(new CompletionRequest("r" + i, prompt, 2, sampling));
    }
    try (OnnxEngine engine = open(engineSettings(device, slots))) {
      if (alone) {
        return requests.stream().map(request -> engine.submit(request).join()).toList();
      }
      List<CompletableFuture<Completion>> completions =
          requests.stream().map(engine::submit).toList();
      return completions.stream().map(CompletableFuture::join).toList();
    }
  }

  /** Measures bare decode steps in milliseconds, from which the bandwidth of weights follows. */
  private Check decodeSteps() throws IOException {
    Map<String, Double> figures = new TreeMap<>();
    List<Integer> contexts = settings.quick() ? List.of(64) : List.of(512, 2048, 8192);
    List<Integer> rows = settings.quick() ? List.of(1, 4) : List.of(1, 8, 32, 64);
    List<String> omitted = new ArrayList<>();
    for (int context : contexts) {
      int capacity = context + STEPS + 2;
      if (capacity > config.maxPositions()) {
        omitted.add("context " + context + ": the model's maximum is " + config.maxPositions());
        continue;
      }
      try (BareDecoder bare =
          BareDecoder.open(
              model,
              EngineSettings.of(rows.getLast(), capacity)
                  .withDevice(settings.device())
                  .withPrefill(512, 512))) {
        for (int number : rows) {
          List<Double> seconds = new ArrayList<>(bare.decodeSeconds(number, context, STEPS));
          seconds.sort(null);
          figures.put(
              "context%dRows%dMillis".formatted(context, number),
              1000 * seconds.get(seconds.size() / 2));
        }
      } catch (EngineException e) {
        omitted.add("context " + context + ": " + e.getMessage());
      }
    }
    String about =
        "median of bare steps in milliseconds" + (omitted.isEmpty() ? "" : "; omitted: ");
    return new Check(
        "decode steps",
        figures.isEmpty() ? Outcome.FAILED : Outcome.PASSED,
        about + String.join("; ", omitted),
        figures);
  }

  /**
   * Measures the overhead with complete rows of logits fetched from the device, and with the top
   * tokens only.
   */
  private Check overhead() {
    int rows = settings.quick() ? 4 : 32;
    Map<String, Double> figures = new TreeMap<>();
    Map<String, Sampling> samplings = new LinkedHashMap<>();
    samplings.put("plain", Sampling.at(1, TOKENS, List.of(), 1));
    samplings.put("top20", new Sampling(0.7, 0.95, 20, TOKENS, List.of(), 1));
    try (OnnxEngine engine = open(engineSettings(settings.device(), rows))) {
      samplings.forEach(
          (name, sampling) -> {
            run(engine, rows, sampling);
            EngineStatistics from = engine.statistics();
            long begin = System.nanoTime();
            run(engine, rows, sampling);
            double seconds = (System.nanoTime() - begin) / 1e9;
            EngineStatistics to = engine.statistics();
            long overheadNanos =
                to.busyNanos() - from.busyNanos() - (to.runtimeNanos() - from.runtimeNanos());
            long steps = Math.max(1, to.decodeSteps() - from.decodeSteps());
            figures.put(name + "OwnMillisPerStep", overheadNanos / 1e6 / steps);
            figures.put(name + "TokensPerSecond", rows * TOKENS / seconds);
          });
    }
    return new Check(
        "overhead of a step",
        Outcome.PASSED,
        "scheduling, sampling and rows fetched from the device, with %d sequences".formatted(rows),
        figures);
  }

  private void run(OnnxEngine engine, int rows, Sampling sampling) {
    List<CompletableFuture<Completion>> completions =
        IntStream.range(0, rows)
            .mapToObj(
                row ->
                    engine.submit(
                        new CompletionRequest(
                            "row" + row, new int[] {row % config.vocabularySize()}, 1, sampling)))
            .toList();
    completions.forEach(CompletableFuture::join);
  }

  private Check reloads() throws IOException {
    int reloads = settings.quick() ? SETTLED + 1 : RELOADS;
    double settled = 0;
    double last;
    try (OnnxEngine engine = open(engineSettings(settings.device(), SLOTS))) {
      for (int reload = 1; reload <= reloads; reload++) {
        ModelVersion next = new ModelVersion("bench", "main", reload);
        load(engine, next);
        run(engine, SLOTS, Sampling.at(1, 8, List.of(), reload));
        if (reload == SETTLED) {
          settled = meter.usedMib();
        }
      }
      last = meter.usedMib();
    }
    double growth = last / settled;
    return new Check(
        "reloads",
        growth <= MAX_GROWTH ? Outcome.PASSED : Outcome.FAILED,
        "memory in use after reload %d and after reload %d".formatted(SETTLED, reloads),
        Map.of("settledMib", settled, "lastMib", last, "growth", growth));
  }

  private int capacity() {
    return Math.min(CAPACITY, config.maxPositions());
  }

  private EngineSettings engineSettings(Device device, int slots) {
    return EngineSettings.of(slots, capacity()).withDevice(device);
  }

  private OnnxEngine open(EngineSettings with) {
    OnnxEngine engine = OnnxEngine.start(with);
    try {
      load(engine, new ModelVersion("bench", "main", 0));
      return engine;
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private void load(OnnxEngine engine, ModelVersion version) {
    if (engine.switchTo(version, model).join()
        instanceof LoadOutcome.Rejected(ModelVersion refused, String reason)) {
      throw new EngineException(reason);
    }
  }
}
