package io.urteil.bench.gateway;

import io.urteil.chat.ChatCompletion;
import io.urteil.chat.ChatModel;
import io.urteil.chat.ChatRequest;
import io.urteil.chat.ChoiceProbabilities;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.ModelBacked;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A judge whose calls take between half of a time and one and a half of it, evenly spread, with a
 * model that computes a fixed number of samples at the same time. With equal times all places would
 * become free at once. Thread-safe.
 */
final class PlacedJudge implements PointwiseJudge, ModelBacked {

  /** Its multiples, without their whole parts, are spread evenly between 0 and 1. */
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final long millis;
  private final ChatModel model;
  private final AtomicLong calls = new AtomicLong();

  PlacedJudge(long millis, int places) {
    this.millis = millis;
    this.model = new PlacedModel(places);
  }

  @Override
  public String version() {
    return "placed";
  }

  @Override
  public Finding judge(Rollout rollout) throws InterruptedException {
    double spread = calls.incrementAndGet() * GOLDEN % 1;
    Thread.sleep((long) (millis * (0.5 + spread)));
    return new Finding.Scored(Verdict.newBuilder().setScores(List.of(1.0)).build(), null);
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
