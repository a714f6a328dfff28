package io.urteil.bench.engine;

import io.urteil.bench.Median;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.onnx.BareDecoder;
import io.urteil.local.settings.ProcessSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures the engine with a model of 107 million parameters, in f32 and int8, and with a model of
 * the demo's shape: the complete engine, the bare runtime, the hardware limits and optionally
 * llama.cpp with the same weights. Each round takes every measurement once, in alternating order
 * and one at a time; figures are medians.
 */
public final class EngineBench {

  private static final int DEMO_CONTEXT = 16;
  private static final int DEMO_TOKENS = 40;
  private static final int WARM_STEPS = 3;

  /**
   * @param threads threads of all measurements
   * @param rounds number of measured rounds, at least 1
   * @param models directory of the models, which are created if missing
   * @param llama llama.cpp; empty to omit it
   */
  public record Settings(int threads, int rounds, Path models, Optional<Llama> llama) {}

  /**
   * @param bench llama.cpp's program llama-bench
   * @param model the larger model as GGUF in f32
   * @param eightBits the larger model as GGUF in Q8_0
   */
  public record Llama(Path bench, Path model, Optional<Path> eightBits) {}

  /** The larger model in one precision, with the prefix of its figures' names. */
  private record Subject(String prefix, BareDecoder bare, WholeEngine whole) {}

  private interface Figure {
    void measure() throws IOException, InterruptedException;
  }

  private final Settings settings;
  private final BenchSize size;
  private final Samples samples = new Samples();

  public EngineBench(Settings settings) {
    this(settings, BenchSize.FULL);
  }

  EngineBench(Settings settings, BenchSize size) {
    this.settings = settings;
    this.size = size;
  }

  /** Creates missing models and returns the directory of the larger one. */
  public static Path createModels(Path home) throws IOException {
    BenchModel.DEMO.in(home);
    return BenchModel.BIG.in(home);
  }

  /** Runs all rounds on the calling thread. {@code progress} receives one line per round. */
  public EngineReport run(Consumer<String> progress) throws IOException, InterruptedException {
    Map<String, Figure> llamaFigures = new LinkedHashMap<>();
    if (settings.llama().isEmpty()) {
      progress.accept("without llama.cpp (no --llama-bench)");
    } else if (settings.llama().orElseThrow().eightBits().isEmpty()) {
      progress.accept("without llama.cpp in int8 (no --gguf-q8)");
    }
    settings.llama().ifPresent(llama -> llamaFigures(llama, llamaFigures));
    Path big = size.larger().in(settings.models());
    Path demo = BenchModel.DEMO.in(settings.models());
    RuntimeSettings runtime = ProcessSettings.ofProcess().runtime();
    EngineSettings engine =
        EngineSettings.of(32, size.capacity())
            .withThreads(settings.threads())
            .withPrefill(512, 256)
            .on(runtime);
    EngineSettings small = EngineSettings.of(128, 64).withThreads(1).on(runtime);
    HardwareLimits limits = new HardwareLimits(settings.threads(), size.limits());
    EngineSettings eightBits = engine.withWeights(WeightPrecision.INT8);
    int vocabulary = size.larger().vocabulary();
    try (BareDecoder bare = BareDecoder.open(big, engine);
        WholeEngine whole = WholeEngine.open(big, vocabulary, engine);
        BareDecoder bare8 = BareDecoder.open(big, eightBits);
        WholeEngine whole8 = WholeEngine.open(big, vocabulary, eightBits);
        WholeEngine judge = WholeEngine.open(demo, BenchModel.DEMO.vocabulary(), small)) {
      Map<String, Figure> figures = new LinkedHashMap<>();
      figures.put("read", () -> add("read", limits.readBytesPerSecond()));
      figures.put("fma", () -> add("fma", limits.flops()));
      figures(new Subject("", bare, whole), figures);
      figures(new Subject("int8 ", bare8, whole8), figures);
      demoFigures(judge, figures);
      figures.putAll(llamaFigures);
      List<String> names = List.copyOf(figures.keySet());
      for (int round = 0; round <= settings.rounds(); round++) {
        for (String name : round % 2 == 0 ? names : names.reversed()) {
          boolean warmUp = round == 0;
          if (warmUp) {
            progress.accept("warm-up: " + name);
          }
          measured(name, figures, warmUp);
        }
        if (round > 0) {
          progress.accept("round %d of %d: %s".formatted(round, settings.rounds(), line()));
        }
      }
    }
    return report();
  }

  private boolean discard;

  private void measured(String name, Map<String, Figure> figures, boolean warmUp)
      throws IOException, InterruptedException {
    discard = warmUp;
    Figure figure = figures.get(name);
    if (figure != null) {
      figure.measure();
    }
  }

  private void add(String name, double value) {
    if (!discard) {
      samples.add(name, value);
    }
  }

  private void figures(Subject subject, Map<String, Figure> figures) {
    String prefix = subject.prefix();
    BareDecoder bare = subject.bare();
    WholeEngine whole = subject.whole();
    for (int rows : new int[] {1, 8, 32}) {
      figures.put(
          prefix + "bare batch " + rows, () -> add(prefix + "bare" + rows, bareDecode(bare, rows)));
      figures.put(
          prefix + "engine batch " + rows,
          () -> {
            WholeEngine.Decoding decoding = whole.decode(rows, size.context(), size.tokens());
            add(prefix + "engine" + rows, decoding.tokensPerSecond());
            add(prefix + "own" + rows, decoding.ownMillisPerStep());
          });
    }
    figures.put(
        prefix + "bare prefill",
        () -> add(prefix + "barePrefill", size.prefill() / bare.prefillSeconds(size.prefill())));
    figures.put(
        prefix + "engine prefill",
        () -> {
          double seconds = whole.firstTokenSeconds(size.prefill());
          add(prefix + "prefill", size.prefill() / seconds);
          add(prefix + "firstToken", seconds);
        });
    figures.put(
        prefix + "first token under load",
        () ->
            add(
                prefix + "firstTokenUnderLoad",
                whole.firstTokenSecondsUnderLoad(
                    8, size.context(), size.tokens(), size.prefill())));
  }

  private void demoFigures(WholeEngine judge, Map<String, Figure> figures) {
    figures.put(
        "demo step",
        () ->
            add(
                "demo",
                judge.stepTokensPerSecond(size.demoPrompts(), 8, DEMO_CONTEXT, DEMO_TOKENS)));
    figures.put(
        "demo batch 1",
        () -> add("demoOwn", judge.decode(1, DEMO_CONTEXT, DEMO_TOKENS).ownMillisPerStep()));
  }

  private void llamaFigures(Llama llama, Map<String, Figure> figures) {
    llamaFigures("", llama.bench(), llama.model(), figures);
    llama.eightBits().ifPresent(model -> llamaFigures("int8 ", llama.bench(), model, figures));
  }

  private void llamaFigures(String prefix, Path bench, Path model, Map<String, Figure> figures) {
    LlamaCpp cpp = new LlamaCpp(bench, model, settings.threads());
    figures.put(
        prefix + "llama.cpp batch 1",
        () -> add(prefix + "llama1", cpp.decode(size.context(), size.tokens())));
    for (int rows : new int[] {8, 32}) {
      figures.put(
          prefix + "llama.cpp batch " + rows,
          () -> add(prefix + "llama" + rows, cpp.decode(rows, size.context(), size.tokens())));
    }
    figures.put(
        prefix + "llama.cpp prefill",
        () -> add(prefix + "llamaPrefill", cpp.prefill(size.prefill())));
  }

  private double bareDecode(BareDecoder bare, int rows) {
    List<Double> seconds = bare.decodeSeconds(rows, size.context(), WARM_STEPS + size.tokens());
    return rows / Median.of(seconds.subList(WARM_STEPS, seconds.size()));
  }

  private String line() {
    return "batch 1 %.1f, 8 %.1f, 32 %.1f, prefill %.0f; int8 %.1f, %.1f, %.1f, %.0f tokens/s"
        .formatted(
            samples.median("engine1"),
            samples.median("engine8"),
            samples.median("engine32"),
            samples.median("prefill"),
            samples.median("int8 engine1"),
            samples.median("int8 engine8"),
            samples.median("int8 engine32"),
            samples.median("int8 prefill"));
  }

  private EngineReport report() {
    double weightBytes = size.larger().matrixParameters() * (double) Float.BYTES;
    double flopsPerToken =
        2.0
            * (size.larger().matrixParameters()
                - (double) size.larger().vocabulary() * size.larger().hidden());
    Map<String, Double> llama = new LinkedHashMap<>();
    Map<String, Double> ratios = new LinkedHashMap<>();
    compare("", "", llama, ratios);
    compare("int8 ", "int8", llama, ratios);
    return new EngineReport(
        settings.threads(),
        settings.rounds(),
        new EngineReport.Machine(samples.median("read") / 1e9, samples.median("fma") / 1e9),
        new EngineReport.Speeds(
            samples.median("engine1"),
            samples.median("engine8"),
            samples.median("engine32"),
            samples.median("prefill")),
        new EngineReport.Shares(
            samples.median("engine1") * weightBytes / samples.median("read"),
            samples.median("prefill") * flopsPerToken / samples.median("fma")),
        new EngineReport.Bare(
            samples.median("bare1"),
            samples.median("bare8"),
            samples.median("bare32"),
            samples.median("barePrefill")),
        new EngineReport.Delays(
            1e3 * samples.median("firstToken"),
            1e3 * samples.median("firstTokenUnderLoad"),
            samples.median("own32")),
        new EngineReport.Demo(samples.median("demo"), 1e3 * samples.median("demoOwn")),
        int8(),
        llama,
        ratios);
  }

  private EngineReport.Int8 int8() {
    return new EngineReport.Int8(
        new EngineReport.Int8Speeds(
            samples.median("int8 engine1"),
            samples.median("int8 engine8"),
            samples.median("int8 engine32"),
            samples.median("int8 prefill")),
        new EngineReport.Int8Bare(
            samples.median("int8 bare1"),
            samples.median("int8 bare8"),
            samples.median("int8 bare32"),
            samples.median("int8 barePrefill")),
        new EngineReport.Int8Delays(
            1e3 * samples.median("int8 firstToken"), samples.median("int8 own32")));
  }

  /** Adds the figures of llama.cpp, and the ratios of the engine's figures to them, if measured. */
  private void compare(
      String prefix, String reportPrefix, Map<String, Double> llama, Map<String, Double> ratios) {
    if (!samples.has(prefix + "llama1")) {
      return;
    }
    for (String rows : List.of("1", "8", "32")) {
      String name = reportPrefix.isEmpty() ? "batch" + rows : reportPrefix + "Batch" + rows;
      double llamaCpp = samples.median(prefix + "llama" + rows);
      llama.put(name, llamaCpp);
      ratios.put(name, samples.median(prefix + "engine" + rows) / llamaCpp);
    }
    String name = reportPrefix.isEmpty() ? "prefill" : reportPrefix + "Prefill";
    double llamaCpp = samples.median(prefix + "llamaPrefill");
    llama.put(name, llamaCpp);
    ratios.put(name, samples.median(prefix + "prefill") / llamaCpp);
  }
}
