package io.urteil.bench.gateway;

import io.urteil.chat.ChatCompletion;
import io.urteil.chat.ChatModel;
import io.urteil.chat.ChatRequest;
import io.urteil.chat.ChoiceProbabilities;
import io.urteil.event.Rollout;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.ModelBacked;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A judge that takes a fixed time, with a model that computes a fixed number of samples at the same
 * time. Thread-safe.
 */
final class PlacedJudge implements PointwiseJudge, ModelBacked {

  private final SleepingJudge judge;
  private final ChatModel model;

  PlacedJudge(long millis, int places) {
    this.judge = new SleepingJudge(millis);
    this.model = new PlacedModel(places);
  }

  @Override
  public String version() {
    return judge.version();
  }

  @Override
  public Finding judge(Rollout rollout) throws InterruptedException {
    return judge.call();
  }

  @Override
  public Map<ChatModel, Integer> samplesAtOnce(int candidates) {
    return Map.of(model, 1);
  }

  /** A model that is never asked. */
  private record PlacedModel(int concurrency) implements ChatModel {
    @Override
    public String name() {
      return "placed";
    }

    @Override
    public CompletableFuture<ChatCompletion> complete(ChatRequest request) {
      return CompletableFuture.failedFuture(new UnsupportedOperationException("not a model"));
    }

    @Override
    public CompletableFuture<ChoiceProbabilities> nextTokens(
        ChatRequest request, List<String> choices) {
      return CompletableFuture.failedFuture(new UnsupportedOperationException("not a model"));
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
