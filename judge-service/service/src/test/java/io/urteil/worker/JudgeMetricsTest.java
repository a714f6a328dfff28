package io.urteil.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeMetricsTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final JudgeMetrics metrics = new JudgeMetrics(registry);

  @Test
  void shouldCountJudgementsWithTheirLatencyAndTokens() {
    // Given
    Judgement scored =
        judgement(JudgementStatus.SCORED)
            .setLatencyMillis(40)
            .setPromptTokens(100)
            .setCompletionTokens(7)
            .build();

    // When
    metrics.judged("judge-worker", List.of(scored, scored));

    // Then
    assertThat(
            registry
                .get("urteil.judge.judgements")
                .tags("component", "judge-worker", "run", TestEvents.RUN, "judge", "outcome")
                .tags("status", "SCORED", "cause", "none")
                .counter()
                .count())
        .isEqualTo(2);
    var latency = registry.get("urteil.judge.latency").tag("judge", "outcome").timer();
    assertThat(latency.count()).isEqualTo(2);
    assertThat(latency.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(80);
    assertThat(tokens("prompt")).isEqualTo(200);
    assertThat(tokens("completion")).isEqualTo(14);
  }

  @ParameterizedTest
  @CsvSource({
    "'java.net.ConnectException: refused by 10.0.0.7', ConnectException",
    "'io.urteil.judge.api.PermanentFailureException: no such model', PermanentFailureException",
    "'java.lang.IllegalStateException', IllegalStateException",
    "'rollout rollouts-1@2: deleted', reported",
    "'SomeException: said the candidate', reported"
  })
  void shouldTagAFailureByTheClassOfItsCauseAndNeverByAText(String error, String cause) {
    // When
    metrics.judged(
        "judge-worker", List.of(judgement(JudgementStatus.FAILED).setError(error).build()));

    // Then
    assertThat(causes()).containsExactly(cause);
  }

  @Test
  void shouldTagTheOtherEndings() {
    // When
    metrics.judged(
        "judge-worker",
        List.of(
            judgement(JudgementStatus.TIMED_OUT).setError("no finding within 5 ms").build(),
            judgement(JudgementStatus.UNPARSEABLE).setFault("scores").build(),
            judgement(JudgementStatus.UNPARSEABLE).setFault("a plug-in's own words").build(),
            judgement(JudgementStatus.UNPARSEABLE).setFault(null).build()));
    metrics.abandoned(
        "judge-worker",
        List.of(judgement(JudgementStatus.FAILED).setError("died").build()),
        DeadLetters.DELIVERY_LIMIT);
    metrics.abandoned(
        "judge-worker",
        List.of(judgement(JudgementStatus.FAILED).setError("died").build()),
        DeadLetters.ENDED_WORKER);

    // Then
    assertThat(causes())
        .containsExactlyInAnyOrder(
            "timeout", "scores", "other", "reported", "delivery-limit", "ended-worker");
  }

  @Test
  void shouldBoundTheNamesOfExceptions() {
    // When
    for (int i = 0; i < 100; i++) {
      String error = "plug.in.N%dException: x".formatted(i);
      metrics.judged(
          "judge-worker", List.of(judgement(JudgementStatus.FAILED).setError(error).build()));
    }

    // Then
    assertThat(causes()).hasSize(51).contains("other");
  }

  @Test
  void shouldRemoveAllMetersWhenItIsClosed() {
    // Given
    metrics.judged("judge-worker", List.of(judgement(JudgementStatus.SCORED).build()));
    metrics.locks("judge-workers").renewed().increment(3);
    assertThat(registry.get("urteil.judge.renewed.locks").counter().count()).isEqualTo(3);

    // When
    metrics.close();

    // Then
    assertThat(registry.getMeters()).isEmpty();
  }

  private double tokens(String type) {
    return registry.get("urteil.judge.tokens").tag("type", type).counter().count();
  }

  private List<String> causes() {
    return registry.get("urteil.judge.judgements").counters().stream()
        .map(counter -> String.valueOf(counter.getId().getTag("cause")))
        .toList();
  }

  private static Judgement.Builder judgement(JudgementStatus status) {
    Prompt prompt = TestEvents.prompt(0).build();
    Rollout rollout = TestEvents.rollout(prompt, "AB", 0).build();
    return Judgement.newBuilder(TestEvents.judgement(rollout, status).build());
  }
}
