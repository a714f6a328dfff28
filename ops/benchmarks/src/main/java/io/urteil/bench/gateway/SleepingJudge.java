package io.urteil.bench.gateway;

import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import java.util.List;

/** A judge that takes a fixed time and gives every answer the score 1. Thread-safe. */
final class SleepingJudge implements PointwiseJudge {

  private final long millis;

  SleepingJudge(long millis) {
    this.millis = millis;
  }

  @Override
  public String version() {
    return "sleeping";
  }

  @Override
  public Finding judge(Rollout rollout) throws InterruptedException {
    return call();
  }

  Finding call() throws InterruptedException {
    Thread.sleep(millis);
    return new Finding.Scored(Verdict.newBuilder().setScores(List.of(1.0)).build(), null);
  }
}
