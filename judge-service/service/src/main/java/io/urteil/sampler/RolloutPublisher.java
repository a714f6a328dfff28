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
import io.urteil.sampler.queue.PendingPrompt;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Publishes rollouts and dead letters. Futures complete with the acknowledgement. Thread-safe. */
final class RolloutPublisher {

  /** The engine failed to sample the prompt or one of its members. */
  static final String SAMPLING_FAILED = "sampling-failed";

  private final String component;
  private final EventProducer producer;
  private final Clock clock;
  private final SamplerMetrics metrics;

  RolloutPublisher(String component, EventProducer producer, Clock clock, SamplerMetrics metrics) {
    this.component = component;
    this.producer = producer;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Publishes one rollout per sample. A failed sample is published as a dead letter instead,
   * because it contains nothing to judge.
   */
  CompletableFuture<Void> publish(
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
            deadLetter(
                pending, SAMPLING_FAILED, "member %s: %s".formatted(member, sample.detail())));
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

  /** Publishes a dead letter about a prompt. */
  CompletableFuture<Void> deadLetter(PendingPrompt pending, String cause, String message) {
    return deadLetter(pending.record(), cause, message, pending.prompt().getRunId());
  }

  /** Publishes a dead letter about any record. */
  CompletableFuture<Void> deadLetter(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId) {
    DeadLetter letter = DeadLetters.of(component, cause, message, runId, record, clock);
    String key = "%s/%d/%d".formatted(record.topic(), record.partition(), record.offset());
    return producer.sendAsync(Topic.DEAD_LETTERS, key, letter).thenApply(acknowledged -> null);
  }
}
