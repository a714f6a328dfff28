package io.urteil.bench.engine;

import io.urteil.engine.BareDecoder;
import io.urteil.engine.EngineSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Times the engine on a model of 107 million parameters and on one of the demo's shape: the whole
 * engine, the bare runtime, the machine's ceilings and, when asked for, llama.cpp on the same
 * weights. Everything once a round, the order reversed from round to round, everything else idle
 * meanwhile; medians.
 */
public final class EngineBench {

  private static final int CONTEXT = 128;
  private static final int TOKENS = 48;
  private static final int PREFILL = 256;
  private static final int CAPACITY = 512;
  private static final int DEMO_CONTEXT = 16;
  private static final int DEMO_TOKENS = 40;
  private static final int WARM_STEPS = 3;

  /**
   * @param threads of everything that is timed
   * @param rounds at least 1
   * @param models where the models lie, or are made
   */
  public record Settings(int threads, int rounds, Path models, Optional<Llama> llama) {}

  /**
   * @param bench llama.cpp's program llama-bench
   * @param model the 107-million model as GGUF
   */
  public record Llama(Path bench, Path model) {}

  private interface Figure {
    void measure() throws IOException, InterruptedException;
  }

  private final Settings settings;
  private final Samples samples = new Samples();

  public EngineBench(Settings settings) {
    this.settings = settings;
  }

  /** Makes the models where they are not there and gives the directory of the larger one. */
  public static Path makeModels(Path home) throws IOException {
    BenchModel.DEMO.in(home);
    return BenchModel.BIG.in(home);
  }

  /** Measures; {@code progress} is told each figure of each round. */
  public EngineReport run(Consumer<String> progress) throws IOException, InterruptedException {
    Path big = makeModels(settings.models());
    Path demo = BenchModel.DEMO.in(settings.models());
    EngineSettings engine =
        EngineSettings.of(32, CAPACITY).withThreads(settings.threads()).withPrefill(512, 256);
    EngineSettings small = EngineSettings.of(128, 64).withThreads(1);
    MachineCeiling ceiling = new MachineCeiling(settings.threads());
    try (BareDecoder bare = BareDecoder.open(big, engine);
        WholeEngine whole = WholeEngine.open(big, BenchModel.BIG.vocabulary(), engine);
        WholeEngine judge = WholeEngine.open(demo, BenchModel.DEMO.vocabulary(), small)) {
      Map<String, Figure> figures = figures(ceiling, bare, whole, judge);
      settings.llama().ifPresent(llama -> llamaFigures(llama, figures));
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

  private Map<String, Figure> figures(
      MachineCeiling ceiling, BareDecoder bare, WholeEngine whole, WholeEngine judge) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put("read", () -> add("read", ceiling.readBytesPerSecond()));
    figures.put("fma", () -> add("fma", ceiling.flops()));
    for (int rows : new int[] {1, 8, 32}) {
      figures.put("bare batch " + rows, () -> add("bare" + rows, bareDecode(bare, rows)));
      figures.put(
          "engine batch " + rows,
          () -> {
            WholeEngine.Decoding decoding = whole.decode(rows, CONTEXT, TOKENS);
            add("engine" + rows, decoding.tokensPerSecond());
            add("own" + rows, decoding.ownMillisPerStep());
          });
    }
    figures.put(
        "bare prefill", () -> add("barePrefill", PREFILL / bare.prefillSeconds(PREFILL)));
    figures.put(
        "engine prefill",
        () -> {
          double seconds = whole.firstTokenSeconds(PREFILL);
          add("prefill", PREFILL / seconds);
          add("firstToken", seconds);
        });
    figures.put(
        "first token under load",
        () ->
            add(
                "firstTokenUnderLoad",
                whole.firstTokenSecondsUnderLoad(8, CONTEXT, TOKENS, PREFILL)));
    figures.put(
        "demo step",
        () -> add("demo", judge.stepTokensPerSecond(16, 8, DEMO_CONTEXT, DEMO_TOKENS)));
    figures.put(
        "demo batch 1",
        () -> add("demoOwn", judge.decode(1, DEMO_CONTEXT, DEMO_TOKENS).ownMillisPerStep()));
    return figures;
  }

  private void llamaFigures(Llama llama, Map<String, Figure> figures) {
    LlamaCpp cpp = new LlamaCpp(llama.bench(), llama.model(), settings.threads());
    figures.put("llama.cpp batch 1", () -> add("llama1", cpp.decode(CONTEXT, TOKENS)));
    figures.put("llama.cpp batch 8", () -> add("llama8", cpp.decode(8, CONTEXT, TOKENS)));
    figures.put("llama.cpp batch 32", () -> add("llama32", cpp.decode(32, CONTEXT, TOKENS)));
    figures.put("llama.cpp prefill", () -> add("llamaPrefill", cpp.prefill(PREFILL)));
  }

  private static double bareDecode(BareDecoder bare, int rows) {
    List<Double> seconds = bare.decodeSeconds(rows, CONTEXT, WARM_STEPS + TOKENS);
    return rows / Samples.median(seconds.subList(WARM_STEPS, seconds.size()));
  }

  private String line() {
    return "batch 1 %.1f, 8 %.1f, 32 %.1f, prefill %.0f tokens/s"
        .formatted(
            samples.median("engine1"),
            samples.median("engine8"),
            samples.median("engine32"),
            samples.median("prefill"));
  }

  private EngineReport report() {
    double weightBytes = BenchModel.BIG.matrixParameters() * (double) Float.BYTES;
    double flopsPerToken =
        2.0
            * (BenchModel.BIG.matrixParameters()
                - (double) BenchModel.BIG.vocabulary() * BenchModel.BIG.hidden());
    Map<String, Double> llama = new LinkedHashMap<>();
    Map<String, Double> ratios = new LinkedHashMap<>();
    if (samples.has("llama1")) {
      for (String rows : List.of("1", "8", "32")) {
        llama.put("batch" + rows, samples.median("llama" + rows));
        ratios.put(
            "batch" + rows, samples.median("engine" + rows) / samples.median("llama" + rows));
      }
      llama.put("prefill", samples.median("llamaPrefill"));
      ratios.put("prefill", samples.median("prefill") / samples.median("llamaPrefill"));
    }
    return new EngineReport(
        settings.threads(),
        settings.rounds(),
        samples.median("read") / 1e9,
        samples.median("fma") / 1e9,
        samples.median("engine1"),
        samples.median("engine8"),
        samples.median("engine32"),
        samples.median("prefill"),
        samples.median("engine1") * weightBytes / samples.median("read"),
        samples.median("prefill") * flopsPerToken / samples.median("fma"),
        samples.median("bare1"),
        samples.median("bare8"),
        samples.median("bare32"),
        samples.median("barePrefill"),
        1e3 * samples.median("firstToken"),
        1e3 * samples.median("firstTokenUnderLoad"),
        samples.median("own32"),
        samples.median("demo"),
        1e3 * samples.median("demoOwn"),
        llama,
        ratios);
  }
}
