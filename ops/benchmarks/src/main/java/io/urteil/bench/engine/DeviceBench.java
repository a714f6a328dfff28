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
 * Checks and times the engine on a device: its answers against those of the processor and of other
 * batches, its steps at many shapes, its own cost, and what reloads leave behind. Runs on the
 * processor in a device's place too, so that what is to be run on a card is itself tried.
 */
public final class DeviceBench {

  /** Largest gap of log-probabilities that single precision explains. */
  private static final double GAP_SINGLE = 1e-4;

  /** Largest mean gap of log-probabilities that numbers of 16 bits explain. */
  private static final double MEAN_GAP_HALF = 0.05;

  private static final double GROWTH = 1.1;
  private static final int RELOADS = 20;
  private static final int SETTLED = 5;
  private static final int SLOTS = 8;
  private static final int CAPACITY = 256;
  private static final int TOKENS = 48;
  private static final int STEPS = 16;

  /**
   * @param device that is looked at
   * @param model a model directory; null for the 107-million model, which is made
   * @param home where models are made
   * @param quick few shapes, to see that all of it works
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
   * @throws IOException if the model cannot be made or read
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
   * Runs all checks; {@code progress} is told of each.
   *
   * @throws UnusableDeviceException if the model cannot be opened on the device, saying why
   */
  public DeviceReport run(Consumer<String> progress) throws IOException {
    try (OnnxEngine engine = open(engineSettings(settings.device(), SLOTS))) {
      checks.add(
          new Check(
              "opens",
              Outcome.PASSED,
              "a session on the device alone, its logits finite behind a short prompt",
              Map.of()));
      progress.accept("opens: " + engine.loaded());
    } catch (EngineException e) {
      throw new UnusableDeviceException(String.valueOf(e.getMessage()), e);
    }
    measure(progress, "same answers as the processor", this::againstProcessor);
    measure(progress, "same answers in any batch", this::againstOtherBatches);
    measure(progress, "decode steps", this::decodeSteps);
    measure(progress, "own cost of a step", this::ownCost);
    measure(progress, "reloads", this::reloads);
    skip("CUDA graphs, Loop graph, paged attention", "the engine does not use them");
    skip("keys and values of 8 bits, weights of 8 bits", "the engine has neither on a card");
    skip(
        "gap to the trainer",
        "train a run whose sampler is on the card: its batches tell the gap of log-probabilities");
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

  private Check againstProcessor() {
    return compared(
        "same answers as the processor",
        "samples against those of the processor in single precision, with the same seeds",
        answers(settings.device(), SLOTS, false),
        answers(Device.CPU, SLOTS, false));
  }

  private Check againstOtherBatches() {
    return compared(
        "same answers in any batch",
        "ragged batches, replaced slots and copied prompts against one sequence at a time",
        answers(settings.device(), SLOTS, false),
        answers(settings.device(), 1, true));
  }

  /** Log-probabilities are compared as far as two samples drew the same tokens. */
  private Check compared(
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
    boolean passed = tokens > 0 && (single ? largest <= GAP_SINGLE : sum / tokens <= MEAN_GAP_HALF);
    return new Check(name, passed ? Outcome.PASSED : Outcome.FAILED, about, figures);
  }

  /** The same requests of all lengths, all at once or one after the other. */
  private List<Completion> answers(Device device, int slots, boolean alone) {
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
      List<CompletableFuture<Completion>> answers = requests.stream().map(engine::submit).toList();
      return answers.stream().map(CompletableFuture::join).toList();
    }
  }

  /** Milliseconds of bare steps; what each moves of the weights, over its time, is a bandwidth. */
  private Check decodeSteps() throws IOException {
    Map<String, Double> figures = new TreeMap<>();
    List<Integer> contexts = settings.quick() ? List.of(64) : List.of(512, 2048, 8192);
    List<Integer> rows = settings.quick() ? List.of(1, 4) : List.of(1, 8, 32, 64);
    List<String> left = new ArrayList<>();
    for (int context : contexts) {
      int capacity = context + STEPS + 2;
      if (capacity > config.maxPositions()) {
        left.add("context " + context + ": the model has " + config.maxPositions());
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
        left.add("context " + context + ": " + e.getMessage());
      }
    }
    String about = "median of bare steps in milliseconds" + (left.isEmpty() ? "" : "; left out: ");
    return new Check(
        "decode steps",
        figures.isEmpty() ? Outcome.FAILED : Outcome.PASSED,
        about + String.join("; ", left),
        figures);
  }

  /** With whole rows fetched from the device, and with its top tokens alone. */
  private Check ownCost() {
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
            long own =
                to.busyNanos() - from.busyNanos() - (to.runtimeNanos() - from.runtimeNanos());
            long steps = Math.max(1, to.decodeSteps() - from.decodeSteps());
            figures.put(name + "OwnMillisPerStep", own / 1e6 / steps);
            figures.put(name + "TokensPerSecond", rows * TOKENS / seconds);
          });
    }
    return new Check(
        "own cost of a step",
        Outcome.PASSED,
        "scheduling, sampling and rows fetched from the device, with %d sequences".formatted(rows),
        figures);
  }

  private void run(OnnxEngine engine, int rows, Sampling sampling) {
    List<CompletableFuture<Completion>> answers =
        IntStream.range(0, rows)
            .mapToObj(
                row ->
                    engine.submit(
                        new CompletionRequest(
                            "row" + row, new int[] {row % config.vocabularySize()}, 1, sampling)))
            .toList();
    answers.forEach(CompletableFuture::join);
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
        growth <= GROWTH ? Outcome.PASSED : Outcome.FAILED,
        "memory in use behind reload %d and behind reload %d".formatted(SETTLED, reloads),
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
