package io.urteil.engine.onnx;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.EngineStatistics;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Measures the whole engine on the demo's shape: 16 prompts of 16 tokens, 8 samples each, 35 tokens
 * per sample. Not a test: run its main method; arguments: rounds, slots, padded prefill tokens.
 */
final class EngineProbe {

  private static final int PROMPTS = 16;
  private static final int SAMPLES = 8;
  private static final int TOKENS = 35;

  private EngineProbe() {}

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
    int slots = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 128;
    int prefill = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 512;
    Path directory = Files.createTempDirectory("engine-probe");
    TinyModel.write(directory, TinyModel.DEMO, 1);
    EngineSettings settings = EngineSettings.of(slots, 96).withPrefill(prefill, 256);
    try (OnnxEngine engine = OnnxEngine.start(settings)) {
      LoadOutcome loaded = engine.switchTo(ModelVersion.of("demo"), directory).join();
      System.out.println(loaded);
      double[] seconds = new double[rounds];
      EngineStatistics half = engine.statistics();
      for (int round = 0; round < rounds; round++) {
        if (round == rounds / 2) {
          half = engine.statistics();
        }
        seconds[round] = round(engine, round);
      }
      report(seconds, half, engine.statistics());
    }
  }

  private static double round(OnnxEngine engine, int round) {
    long start = System.nanoTime();
    List<CompletableFuture<Completion>> answers = new ArrayList<>();
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      answers.add(
          engine.submit(
              new CompletionRequest(
                  "p" + prompt,
                  TinyModel.tokens(TinyModel.DEMO, 16, 31L * round + prompt),
                  SAMPLES,
                  Sampling.at(1, TOKENS, List.of(), round))));
    }
    answers.forEach(CompletableFuture::join);
    return (System.nanoTime() - start) / 1e9;
  }

  private static void report(double[] seconds, EngineStatistics from, EngineStatistics to) {
    double[] second = Arrays.copyOfRange(seconds, seconds.length / 2, seconds.length);
    Arrays.sort(second);
    double median = second[second.length / 2];
    double tokens = PROMPTS * SAMPLES * TOKENS;
    long steps = to.decodeSteps() - from.decodeSteps();
    double own = to.busyNanos() - from.busyNanos() - (to.runtimeNanos() - from.runtimeNanos());
    System.out.printf(
        "tokens/s median %.0f, best %.0f; runtime %.0f us per step, own cost %.1f us per step (%.0f ns per token)%n",
        tokens / median,
        tokens / second[0],
        (to.runtimeNanos() - from.runtimeNanos()) / 1e3 / steps,
        own / 1e3 / steps,
        own / (to.sampledTokens() - from.sampledTokens()));
  }
}
