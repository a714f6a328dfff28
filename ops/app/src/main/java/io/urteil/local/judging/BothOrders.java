package io.urteil.local.judging;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.model.ModelDirectory;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A judgement of two answers, asked once in each order.
 *
 * @param given with the answers as given
 * @param swapped with the answers the other way round
 */
public record BothOrders(OneOrder given, OneOrder swapped) {

  /**
   * The judgement in one order.
   *
   * @param prompt what the model read
   * @param text what it wrote
   * @param verdict its scores and preference, for the answers in the order shown
   */
  public record OneOrder(String prompt, String text, ParsedVerdict verdict) {}

  /** How the two orders agree. */
  public enum Agreement {
    /** Both name the same answer, or both call a tie. */
    CONSISTENT,
    /** They name different answers: the judge went by position. */
    FLIPPED,
    /** At least one of them could not be read. */
    UNREADABLE
  }

  /**
   * Judges with the model in this directory, its weights kept at a precision.
   *
   * @throws IllegalArgumentException when the directory cannot be used, or its tokenizer cannot
   *     express the prompt
   */
  public static BothOrders judge(
      Path model,
      WeightPrecision weights,
      JudgePrompt prompt,
      String question,
      String answerA,
      String answerB,
      double temperature,
      long seed)
      throws IOException {
    ModelDirectory directory = ModelDirectory.open(model);
    int capacity = Math.min(directory.config().maxPositions(), 8192);
    try (InferenceEngine engine =
            OnnxEngine.start(EngineSettings.of(2, capacity).withVersions(1).withWeights(weights));
        Tokenizer tokenizer = Tokenizer.open(model.resolve(Tokenizer.FILE_NAME))) {
      if (engine.switchTo(ModelVersion.of("judge"), model).join()
          instanceof LoadOutcome.Refused(ModelVersion refused, String reason)) {
        throw new IllegalArgumentException("model " + model + " cannot be used: " + reason);
      }
      Sampling sampling =
          Sampling.at(temperature, prompt.maxTokens(), directory.config().endOfSequenceIds(), seed);
      String given = prompt.render(question, answerA, answerB);
      String swapped = prompt.render(question, answerB, answerA);
      CompletableFuture<Completion> one = engine.submit(request(tokenizer, given, sampling));
      CompletableFuture<Completion> other = engine.submit(request(tokenizer, swapped, sampling));
      VerdictFormat format = VerdictFormat.named(prompt.format());
      return new BothOrders(
          read(tokenizer, format, given, one.join()),
          read(tokenizer, format, swapped, other.join()));
    }
  }

  /** Whether the two orders name the same answer. */
  public Agreement agreement() {
    if (given.verdict() instanceof ParsedVerdict.Pairwise one
        && swapped.verdict() instanceof ParsedVerdict.Pairwise other) {
      boolean same = one.preference() == other.preference().swapped();
      return same ? Agreement.CONSISTENT : Agreement.FLIPPED;
    }
    return Agreement.UNREADABLE;
  }

  private static CompletionRequest request(Tokenizer tokenizer, String prompt, Sampling sampling) {
    int[] ids = tokenizer.encode(prompt);
    String read = tokenizer.decode(ids);
    if (!read.equals(prompt)) {
      throw new IllegalArgumentException(
          "prompt: '%s' (expected: symbols the model's tokenizer knows; it reads '%s')"
              .formatted(prompt, read));
    }
    return new CompletionRequest(prompt, ids, 1, sampling);
  }

  private static OneOrder read(
      Tokenizer tokenizer, VerdictFormat format, String prompt, Completion completion) {
    String text = tokenizer.decode(completion.samples().getFirst().tokenIds());
    return new OneOrder(prompt, text, format.parse(text));
  }
}
