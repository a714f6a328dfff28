package io.urteil.sampler;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.StopReason;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventProducer;
import io.urteil.event.MemberKey;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.sampler.SampleRequests.SampleRequest;
import io.urteil.sampler.metrics.SamplerMetrics;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Puts rollouts and dead letters on the log. Its futures complete when the log has them. */
final class RolloutPublisher {

  /** A prompt or sample that the engine failed on. */
  static final String SAMPLING_FAILED = "sampling-failed";

  private final String part;
  private final EventProducer producer;
  private final Clock clock;
  private final SamplerMetrics metrics;

  RolloutPublisher(String part, EventProducer producer, Clock clock, SamplerMetrics metrics) {
    this.part = part;
    this.producer = producer;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * A rollout for every sample; a sample that the engine failed on becomes a dead letter instead,
   * since there is nothing in it to judge.
   */
  CompletableFuture<Void> write(
      PendingPrompt pending,
      SampleRequest request,
      Completion completion,
      OpenPolicy policy,
      Instant dispatchedAt) {
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (int i = 0; i < completion.samples().size(); i++) {
      CompletionSample sample = completion.samples().get(i);
      MemberKey member = request.members().get(i);
      if (sample.finishReason() == StopReason.FAILED) {
        sent.add(
            bury(pending, SAMPLING_FAILED, "member %s: %s".formatted(member, sample.detail())));
        continue;
      }
      Rollout rollout =
          RolloutEvents.of(
              pending.prompt(),
              request.arm(),
              member,
              request.prompt(),
              sample,
              policy.tokenizer(),
              request.sampling(),
              request.engine(),
              policy.policyStamp(),
              dispatchedAt,
              clock.instant());
      metrics.of(rollout.getRunId()).sent(sample.finishReason(), sample.tokenIds().length);
      sent.add(producer.sendAsync(Topic.ROLLOUTS, rollout.getGroupId(), rollout));
    }
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
  }

  /** A dead letter for a prompt. */
  CompletableFuture<Void> bury(PendingPrompt pending, String cause, String message) {
    return bury(pending.record(), cause, message, pending.prompt().getRunId());
  }

  /** A dead letter for any record. */
  CompletableFuture<Void> bury(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId) {
    DeadLetter letter = DeadLetters.of(part, cause, message, runId, record, clock);
    String key = "%s/%d/%d".formatted(record.topic(), record.partition(), record.offset());
    return producer.sendAsync(Topic.DEAD_LETTERS, key, letter).thenApply(acknowledged -> null);
  }
}
