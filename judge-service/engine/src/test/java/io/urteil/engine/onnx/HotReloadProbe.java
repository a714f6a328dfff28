package io.urteil.engine.onnx;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.EngineStatistics;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.model.DecoderConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Exchanges the weights of an engine over and over while requests run all the time, and prints what
 * came of it as {@code name=value} lines. Not a test: a program of its own, so that its memory is
 * that of the engine. Arguments: a directory for the models, reloads, requests at a time.
 *
 * <p>Steps have a fixed shape, so that an answer is known to the bit for each version's weights: an
 * answer that two versions had a part in, or the wrong one, cannot pass for right.
 */
final class HotReloadProbe {

  private static final int MODELS = 3;
  private static final int PROMPTS = 8;
  private static final int TOKENS = 24;
  private static final int ANSWERS_BETWEEN = 8;
  private static final int WARM_RELOADS = 5;
  private static final long PATIENCE_SECONDS = 120;

  /** About three million parameters, twelve megabytes. */
  private static final DecoderConfig SHAPE =
      TinyModel.config("qwen2", 256, 512, 4, 8, 4, 32, 2000, true);

  private final OnnxEngine engine;
  private final List<Path> models = new ArrayList<>();
  private final Map<String, int[]> expected = new HashMap<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final Set<Long> versions = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicLong running = new AtomicLong();

  private HotReloadProbe(OnnxEngine engine) {
    this.engine = engine;
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    int reloads = Integer.parseInt(arguments[1]);
    int requests = Integer.parseInt(arguments[2]);
    EngineSettings settings = EngineSettings.of(requests, 64).withFixedShape(true);
    try (OnnxEngine engine = OnnxEngine.start(settings)) {
      new HotReloadProbe(engine).run(directory, reloads, requests);
    }
  }

  private void run(Path directory, int reloads, int requests) throws Exception {
    for (int model = 0; model < MODELS; model++) {
      models.add(TinyModel.write(directory.resolve("model-" + model), SHAPE, 10 + model));
    }
    for (int model = 0; model < MODELS; model++) {
      reload(model);
      for (int prompt = 0; prompt < PROMPTS; prompt++) {
        int[] tokens = engine.submit(request(prompt)).get().samples().getFirst().tokenIds();
        expected.put(key(model, prompt), tokens);
      }
    }
    for (int i = 0; i < requests; i++) {
      running.incrementAndGet();
      ask(i);
    }
    long[] resident = new long[reloads + 1];
    List<Double> millis = new ArrayList<>();
    for (int reload = 1; reload <= reloads; reload++) {
      awaitAnswers(ANSWERS_BETWEEN);
      long start = System.nanoTime();
      reload(MODELS - 1 + reload);
      millis.add((System.nanoTime() - start) / 1e6);
      resident[reload] = residentKib();
    }
    awaitAnswers(ANSWERS_BETWEEN);
    long residentWarm = resident[WARM_RELOADS];
    long residentLast = resident[reloads];
    stopping.set(true);
    await(() -> running.get() == 0);
    EngineStatistics statistics = engine.statistics();
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf(
        "reloads=%d%nanswered=%d%nwrong=%d%nfailed=%d%nversions=%d%nresidentKibAfterFifth=%d%n"
            + "residentKibAfterLast=%d%nreloadMillisMedian=%.1f%nreloadMillisLongest=%.1f%n"
            + "stepMillisMedian=%.2f%nstepMillisLongest=%.2f%n",
        reloads,
        answered.get(),
        wrong.get(),
        failed.get(),
        versions.size(),
        residentWarm,
        residentLast,
        sorted[sorted.length / 2],
        sorted[sorted.length - 1],
        statistics.medianStepNanos() / 1e6,
        statistics.longestStepNanos() / 1e6);
  }

  /** Loads, switches, drains and closes. */
  private void reload(int number) throws Exception {
    ModelVersion version = version(number);
    LoadOutcome outcome = engine.load(version, models.get(number % MODELS)).get();
    if (outcome instanceof LoadOutcome.Rejected(var refused, String reason)) {
      throw new IllegalStateException(reason);
    }
    engine.makeCurrent(version);
    if (number > 0) {
      engine.retire(version(number - 1)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Asks, checks the answer, and asks again. */
  private void ask(int number) {
    int prompt = number % PROMPTS;
    CompletableFuture<Completion> answer = engine.submit(request(prompt));
    var unused =
        answer.whenComplete(
            (completion, problem) -> {
              if (problem != null) {
                failed.incrementAndGet();
              } else {
                check(completion, prompt);
              }
              if (stopping.get()) {
                running.decrementAndGet();
              } else {
                ask(number + 1);
              }
            });
  }

  private void check(Completion completion, int prompt) {
    int model = Math.toIntExact(completion.version().number() % MODELS);
    int[] tokens = completion.samples().getFirst().tokenIds();
    versions.add(completion.version().number());
    answered.incrementAndGet();
    if (!Arrays.equals(tokens, expected.get(key(model, prompt)))) {
      wrong.incrementAndGet();
    }
  }

  private void awaitAnswers(int number) throws InterruptedException {
    long before = answered.get();
    await(() -> answered.get() >= before + number);
  }

  private static void await(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("nothing moved for " + PATIENCE_SECONDS + " s");
      }
      Thread.sleep(5);
    }
  }

  private static CompletionRequest request(int prompt) {
    int[] tokens = TinyModel.tokens(SHAPE, 8 + prompt, prompt);
    return new CompletionRequest("p" + prompt, tokens, 1, Sampling.at(1, TOKENS, List.of(), 5));
  }

  private static ModelVersion version(int number) {
    return new ModelVersion("probe", "main", number);
  }

  private static String key(int model, int prompt) {
    return model + "/" + prompt;
  }

  /** Resident memory by the kernel's count. */
  private static long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
