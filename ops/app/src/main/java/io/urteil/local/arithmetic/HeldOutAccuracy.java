package io.urteil.local.arithmetic;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.local.arithmetic.ArithmeticPrompts.Arm;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Held-out accuracy of a model directory, over both orders, measured with the engine alone and
 * without Kafka. Used while training the seed judge.
 *
 * @param sampled share of correct verdicts at temperature 1
 * @param greedy share of correct verdicts at temperature 0
 * @param readable share of readable verdicts at temperature 1
 * @param meanLength mean response tokens at temperature 1
 */
public record HeldOutAccuracy(double sampled, double greedy, double readable, double meanLength) {

  private static final int MAX_TOKENS = 58;
  private static final int SLOTS = 128;
  private static final int SLOT_CAPACITY = 80;

  /** Measures the model of a directory. {@code seed} is the sampling seed. */
  public static HeldOutAccuracy of(Path model, long seed) throws IOException {
    ModelVersion version = ModelVersion.of("held-out");
    try (InferenceEngine engine =
            OnnxEngine.start(
                EngineSettings.of(SLOTS, SLOT_CAPACITY).on(ProcessSettings.ofProcess().runtime()));
        Tokenizer tokenizer = Tokenizer.open(model.resolve(Tokenizer.FILE_NAME))) {
      if (engine.switchTo(version, model).join()
          instanceof LoadOutcome.Rejected(ModelVersion rejected, String reason)) {
        throw new IOException("cannot load model " + model + " (" + rejected + "): " + reason);
      }
      Tally sampled = new Tally();
      Tally greedy = new Tally();
      sampled.run(engine, tokenizer, 1, seed);
      greedy.run(engine, tokenizer, 0, seed);
      return new HeldOutAccuracy(
          sampled.share(sampled.right),
          greedy.share(greedy.right),
          sampled.share(sampled.readable),
          sampled.share(sampled.tokens));
    }
  }

  private static final class Tally {
    private int rollouts;
    private int right;
    private int readable;
    private int tokens;

    void run(InferenceEngine engine, Tokenizer tokenizer, double temperature, long seed) {
      List<Arm> arms =
          ArithmeticPrompts.heldOut().stream().flatMap(line -> line.arms().stream()).toList();
      List<Integer> stop = List.of(tokenizer.id("<eos>").orElseThrow());
      List<CompletableFuture<Completion>> completions = new ArrayList<>();
      for (int i = 0; i < arms.size(); i++) {
        Sampling sampling = Sampling.at(temperature, MAX_TOKENS, stop, seed * 1_000_003 + i);
        int[] prompt = tokenizer.encode(arms.get(i).prompt());
        completions.add(engine.submit(new CompletionRequest("" + i, prompt, 1, sampling)));
      }
      for (int i = 0; i < arms.size(); i++) {
        int[] ids = completions.get(i).join().samples().getFirst().tokenIds();
        add(tokenizer.decode(ids), ids.length, arms.get(i).reference());
      }
    }

    private void add(String text, int length, String reference) {
      rollouts++;
      tokens += length;
      if (VerdictFormat.THINK_ANSWER_SCORES.parse(text) instanceof ParsedVerdict.Pairwise read) {
        readable++;
        right += read.preference().spelling().equals(reference) ? 1 : 0;
      }
    }

    double share(int part) {
      return (double) part / rollouts;
    }
  }
}
