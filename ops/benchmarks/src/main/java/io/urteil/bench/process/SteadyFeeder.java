package io.urteil.bench.process;

import io.urteil.event.EventProducer;
import io.urteil.event.Ids;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes prompts and retries those that the broker does not acknowledge. Not thread-safe. */
public final class SteadyFeeder implements AutoCloseable {

  private final RunFile run;
  private final List<List<PromptArm>> prompts;
  private final EventProducer producer;
  private final Queue<Long> unacknowledged = new ConcurrentLinkedQueue<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong published = new AtomicLong();

  public SteadyFeeder(Namespace namespace, RunFile run, List<List<PromptArm>> prompts) {
    this.run = run;
    this.prompts = prompts;
    this.producer = EventProducer.idempotent(namespace);
  }

  /** Publishes prompts up to a total of {@code count}, and retries unacknowledged ones. */
  public void publishUpTo(long count) {
    for (Long ordinal = unacknowledged.poll(); ordinal != null; ordinal = unacknowledged.poll()) {
      send(ordinal);
    }
    while (published.get() < count) {
      send(published.getAndIncrement());
    }
  }

  /** Number of distinct prompts sent so far. */
  public long published() {
    return published.get();
  }

  /** Number of distinct prompts that the broker has acknowledged. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** Whether all prompts are acknowledged. */
  public boolean isAcknowledged() {
    return acknowledged.get() == published.get();
  }

  private void send(long ordinal) {
    Prompt prompt =
        Prompt.newBuilder()
            .setRunId(run.run())
            .setGroupId(Ids.group(run.run(), Purpose.TRAIN, ordinal))
            .setOrdinal(ordinal)
            .setPurpose(Purpose.TRAIN)
            .setArms(prompts.get((int) (ordinal % prompts.size())))
            .setSamplesPerArm(run.group().samplesPerArm())
            .setDeadlineMillis(run.group().deadline().toMillis())
            .setPolicyVersion(null)
            .setCreatedAt(Instant.now())
            .build();
    producer
        .sendAsync(Topic.PROMPTS, prompt.getGroupId(), prompt)
        .whenComplete(
            (at, error) -> {
              if (error == null) {
                acknowledged.incrementAndGet();
              } else {
                unacknowledged.add(ordinal);
              }
            });
  }

  @Override
  public void close() {
    producer.close();
  }
}
