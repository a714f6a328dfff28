package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.model.DecoderConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An engine with one tiny random model, and the reference for it. */
public final class TinyEngine implements AutoCloseable {

  static final ModelVersion VERSION = new ModelVersion("tiny", "main", 1);

  private final OnnxEngine engine;
  private final ReferenceInferenceDecoder reference;
  private final DecoderConfig shape;

  public TinyEngine(Path directory, DecoderConfig shape, EngineSettings settings) throws Exception {
    this.shape = shape;
    Path path = TinyModel.write(directory, shape, 3);
    this.engine = OnnxEngine.start(settings);
    this.reference = new ReferenceInferenceDecoder(path);
    assertThat(engine.switchTo(VERSION, path).get()).isInstanceOf(LoadOutcome.Loaded.class);
  }

  OnnxEngine engine() {
    return engine;
  }

  ReferenceInferenceDecoder reference() {
    return reference;
  }

  public CompletionRequest request(String id, int promptTokens, int samples, Sampling sampling) {
    return new CompletionRequest(
        id, TinyModel.tokens(shape, promptTokens, promptTokens), samples, sampling);
  }

  public Completion answer(CompletionRequest request) throws Exception {
    return engine.submit(request).get(60, TimeUnit.SECONDS);
  }

  List<Completion> answers(List<CompletionRequest> requests) throws Exception {
    List<CompletableFuture<Completion>> answers = requests.stream().map(engine::submit).toList();
    List<Completion> completions = new ArrayList<>();
    for (CompletableFuture<Completion> answer : answers) {
      completions.add(answer.get(60, TimeUnit.SECONDS));
    }
    return completions;
  }

  public void assertLogProbabilities(CompletionRequest request, CompletionSample sample) {
    double[] expected =
        reference.logProbabilities(
            request.promptTokenIds(), sample.tokenIds(), request.sampling().temperature());
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) sample.logProbabilities()[i])
          .as("log-probability %d of sample %d of %s", i, sample.index(), request.id())
          .isCloseTo(expected[i], within(1e-4));
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
