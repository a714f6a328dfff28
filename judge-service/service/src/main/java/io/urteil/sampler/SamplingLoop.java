package io.urteil.sampler;

import io.urteil.engine.EngineClosedException;
import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Progress;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import io.urteil.sampler.SampleRequests.SampleRequest;
import io.urteil.sampler.SampleRequests.UnusablePromptException;
import io.urteil.sampler.metrics.SamplerMetrics;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sampling thread. It alone owns what the sampler knows; other threads tell it what happened,
 * and it takes one thing after the other. The life of a prompt:
 *
 * <ol>
 *   <li>{@link #read}: it waits with those of its run, in the order of ordinals.
 *   <li>Its version is published ({@link #follow}) and admission lets it go; the version is opened
 *       in the background if it is not open.
 *   <li>All its arms go to the engine, together with those of every other prompt that may go.
 *   <li>As an arm is done its rollouts are written and sent, on the writing thread.
 *   <li>When the log has all of them, the ledger learns that the prompt is finished.
 * </ol>
 *
 * A prompt that cannot be sampled becomes a dead letter, and is finished when the log has that.
 */
final class SamplingLoop implements AutoCloseable {

  /** A version of the policy that is not there, or not as it was published. */
  static final String UNUSABLE_CHECKPOINT = "unusable-checkpoint";

  /** A prompt that the policy cannot take. */
  static final String UNUSABLE_PROMPT = "unusable-prompt";

  private static final Logger LOGGER = LoggerFactory.getLogger(SamplingLoop.class);
  private static final int FAILURES_MAX = 3;
  private static final long PAUSE_MILLIS = 200;

  /** Prompts of a run that the engine is given at once. */
  private static final int SAMPLING_MAX = 1_000;

  private record Wave(PendingPrompt pending, OpenPolicy policy, List<SampleRequest> requests) {}

  private final EventCodec codec;
  private final RunRegistry runs;
  private final EngineFactory engines;
  private final OffsetTracker ledger;
  private final RolloutPublisher writer;
  private final Clock clock;
  private final SamplerMetrics metrics;
  private final LinkedBlockingQueue<Runnable> happenings = new LinkedBlockingQueue<>();
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService writing =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("sampler-writing").factory());
  private final Map<String, RunScheduler> desks = new HashMap<>();
  private final Map<String, RunVersions> versions = new HashMap<>();
  private final Map<String, RunProgress> progressOf = new HashMap<>();
  private boolean caughtUp;
  private volatile boolean running = true;

  SamplingLoop(
      EventCodec codec,
      RunRegistry runs,
      EngineFactory engines,
      OffsetTracker ledger,
      RolloutPublisher writer,
      Clock clock,
      SamplerMetrics metrics) {
    this.codec = codec;
    this.runs = runs;
    this.engines = engines;
    this.ledger = ledger;
    this.writer = writer;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Works on the calling thread until it is stopped. */
  void run() throws InterruptedException {
    List<Runnable> happened = new ArrayList<>();
    while (running) {
      happened.add(happenings.take());
      happenings.drainTo(happened);
      happened.forEach(Runnable::run);
      happened.clear();
      if (caughtUp) {
        desks.values().forEach(this::sampleWhatMayGo);
      }
    }
  }

  /** Ends {@link #run} after what it is at; for any thread. */
  void stop() {
    tell(() -> running = false);
  }

  /** A record of {@code prompts} was read; for any thread. */
  void read(ConsumerRecord<String, byte[]> record) {
    tell(() -> take(record));
  }

  /** A record of {@code checkpoints} or {@code progress} was read; for any thread. */
  void follow(ConsumerRecord<String, byte[]> record) {
    tell(() -> learn(record));
  }

  /** All versions published before the start are known; for any thread. */
  void caughtUp() {
    tell(() -> caughtUp = true);
  }

  /** These partitions' prompts belong to another sampler; for any thread. */
  void revoked(Collection<TopicPartition> partitions) {
    List<TopicPartition> lost = List.copyOf(partitions);
    tell(
        () ->
            desks
                .values()
                .forEach(
                    desk ->
                        desk.waiting.removeIf(
                            pending -> lost.contains(PromptReader.partition(pending.record())))));
  }

  private void tell(Runnable happening) {
    happenings.add(happening);
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    switch (codec.decode(record.value())) {
      case DecodedRecord.NotAnEvent(String reason) ->
          bury(record, DeadLetters.NO_EVENT, reason, null);
      case DecodedRecord.Event(SpecificRecord event) when event instanceof Prompt prompt ->
          take(prompt, record);
      case DecodedRecord.Event(SpecificRecord event) ->
          bury(
              record,
              DeadLetters.NO_EVENT,
              "a " + event.getSchema().getName() + " (expected: a Prompt)",
              null);
    }
  }

  private void take(Prompt prompt, ConsumerRecord<String, byte[]> record) {
    String runId = prompt.getRunId();
    Optional<RunFile> run = runs.find(runId);
    if (run.isEmpty()) {
      bury(
          record,
          DeadLetters.UNKNOWN_RUN,
          "runId: '%s' (expected: a run that was published)".formatted(runId),
          runId);
    } else if (run.get().policy() == null) {
      // The run only scores: whoever published the prompt samples it.
      finish(record);
    } else {
      desks
          .computeIfAbsent(runId, id -> desk(run.get()))
          .waiting
          .add(new PendingPrompt(prompt, record, 0, System.nanoTime()));
    }
  }

  private RunScheduler desk(RunFile run) {
    RunVersions published = versions.computeIfAbsent(run.run(), id -> new RunVersions());
    PolicySection policy = run.policy();
    boolean trained = run.train() != null && run.batch().hasBatches();
    if (policy != null && !trained) {
      published.add(PolicyVersion.untrained(run.run(), policy.model()));
    }
    RunScheduler desk =
        new RunScheduler(
            run,
            published,
            new PolicyCache(
                new PolicyOpener(engines),
                metrics,
                background,
                (version, outcome) -> tell(() -> opened(version, outcome))));
    desk.progress = progressOf.getOrDefault(run.run(), RunProgress.NONE);
    return desk;
  }

  private void learn(ConsumerRecord<String, byte[]> record) {
    switch (codec.decode(record.value())) {
      case DecodedRecord.Event(SpecificRecord event) when event instanceof Checkpoint checkpoint ->
          learn(checkpoint, record);
      case DecodedRecord.Event(SpecificRecord event) when event instanceof Progress progress -> {
        progressOf.put(progress.getRunId(), RunProgress.of(progress));
        RunScheduler desk = desks.get(progress.getRunId());
        if (desk != null) {
          desk.progress = RunProgress.of(progress);
        }
      }
      case DecodedRecord.Event(SpecificRecord event) ->
          skip(record, "a " + event.getSchema().getName() + " (expected: Checkpoint, Progress)");
      case DecodedRecord.NotAnEvent(String reason) -> skip(record, reason);
    }
  }

  private void learn(Checkpoint checkpoint, ConsumerRecord<String, byte[]> record) {
    String runId = checkpoint.getRunId();
    String model =
        runs.find(runId)
            .map(RunFile::policy)
            .map(policy -> policy.model().toString())
            .orElse(runId);
    versions
        .computeIfAbsent(runId, id -> new RunVersions())
        .add(PolicyVersion.of(model, checkpoint, record));
    RunScheduler desk = desks.get(runId);
    if (caughtUp && desk != null) {
      desk.newestUsable();
    }
  }

  private static void skip(ConsumerRecord<String, byte[]> record, String reason) {
    LOGGER
        .atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("error", reason)
        .log("a record that tells the sampler nothing");
  }

  private void opened(PolicyVersion version, PolicyOpener.Outcome outcome) {
    RunScheduler desk = desks.get(version.runId());
    if (desk == null) {
      return;
    }
    desk.shelf.put(version, outcome);
    switch (outcome) {
      case PolicyOpener.Outcome.Opened opened -> {
        metrics.of(version.runId()).opened(version.number());
        LOGGER
            .atInfo()
            .addKeyValue("runId", version.runId())
            .addKeyValue("policyVersion", version.number())
            .log("policy version opened");
      }
      case PolicyOpener.Outcome.Refused(String reason) -> {
        LOGGER
            .atWarn()
            .addKeyValue("runId", version.runId())
            .addKeyValue("policyVersion", version.number())
            .addKeyValue("error", reason)
            .log("policy version refused");
        ConsumerRecord<String, byte[]> record = version.record();
        if (record != null) {
          complainWhenFailed(writer.bury(record, UNUSABLE_CHECKPOINT, reason, version.runId()));
        }
      }
    }
  }

  private void sampleWhatMayGo(RunScheduler desk) {
    List<Wave> waves = new ArrayList<>();
    Iterator<PendingPrompt> waiting = desk.waiting.iterator();
    boolean held = false;
    while (waiting.hasNext() && !held && desk.sampling + waves.size() < SAMPLING_MAX) {
      PendingPrompt pending = waiting.next();
      switch (desk.turnOf(pending)) {
        case RunScheduler.Turn.Held no -> held = heldWithAllBehind(pending.prompt());
        case RunScheduler.Turn.Opening soon -> {}
        case RunScheduler.Turn.Never(String reason) -> {
          waiting.remove();
          bury(pending, UNUSABLE_CHECKPOINT, reason);
        }
        case RunScheduler.Turn.Go(OpenPolicy policy) -> {
          waiting.remove();
          requests(desk, pending, policy)
              .ifPresent(requests -> waves.add(new Wave(pending, policy, requests)));
        }
      }
    }
    waves.forEach(wave -> sample(desk, wave));
    show(desk);
    desk.shelf.closeUnneeded();
  }

  /** Only what changed, so that a run that is idle does not count as active. */
  private void show(RunScheduler desk) {
    if (desk.shownWaiting != desk.waiting.size() || desk.shownSampling != desk.sampling) {
      desk.shownWaiting = desk.waiting.size();
      desk.shownSampling = desk.sampling;
      metrics.of(desk.run.run()).prompts(desk.shownWaiting, desk.shownSampling);
    }
  }

  /** Admission of TRAIN prompts goes by ordinal: what holds one holds those behind it. */
  private static boolean heldWithAllBehind(Prompt prompt) {
    return prompt.getPurpose() == Purpose.TRAIN && prompt.getPolicyVersion() == null;
  }

  private Optional<List<SampleRequest>> requests(
      RunScheduler desk, PendingPrompt pending, OpenPolicy policy) {
    try {
      return Optional.of(SampleRequests.of(desk.run, pending.prompt(), policy));
    } catch (UnusablePromptException e) {
      bury(pending, UNUSABLE_PROMPT, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void sample(RunScheduler desk, Wave wave) {
    OpenPolicy policy = wave.policy();
    desk.sampling++;
    desk.shelf.use(policy.version());
    Instant dispatchedAt = clock.instant();
    if (wave.pending().failures() == 0) {
      metrics.of(desk.run.run()).dispatched(System.nanoTime() - wave.pending().readNanos());
    }
    List<CompletableFuture<Void>> written = new ArrayList<>();
    for (SampleRequest request : wave.requests()) {
      written.add(
          policy
              .engine()
              .submit(request.request())
              .thenComposeAsync(
                  completion ->
                      writer.write(wave.pending(), request, completion, policy, dispatchedAt),
                  writing));
    }
    CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
        .whenComplete((all, error) -> tell(() -> sampled(desk, wave, error)));
  }

  private void sampled(RunScheduler desk, Wave wave, @Nullable Throwable error) {
    desk.sampling--;
    desk.shelf.release(wave.policy().version());
    PendingPrompt pending = wave.pending();
    if (error == null) {
      finish(pending.record());
      return;
    }
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof EngineClosedException) {
      if (running) {
        throw new IllegalStateException(
            "the engine of run '%s' has ended by itself".formatted(desk.run.run()), cause);
      }
      return;
    }
    LOGGER
        .atWarn()
        .addKeyValue("groupId", pending.prompt().getGroupId())
        .addKeyValue("error", cause.toString())
        .log("sampling failed");
    if (pending.failures() + 1 >= FAILURES_MAX) {
      bury(pending, RolloutPublisher.SAMPLING_FAILED, cause.toString());
    } else {
      CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
          .execute(() -> tell(() -> desk.waiting.add(pending.failedOnce())));
    }
  }

  private void bury(PendingPrompt pending, String cause, String message) {
    finishWhenBuried(pending.record(), writer.bury(pending, cause, message));
  }

  private void bury(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId) {
    finishWhenBuried(record, writer.bury(record, cause, message, runId));
  }

  private void finishWhenBuried(
      ConsumerRecord<String, byte[]> record, CompletableFuture<Void> buried) {
    complainWhenFailed(buried.thenRun(() -> finish(record)));
  }

  private static void complainWhenFailed(CompletableFuture<Void> sent) {
    sent.exceptionally(
        error -> {
          LOGGER
              .atError()
              .addKeyValue("error", error.toString())
              .log("a dead letter was not sent; its record is read again after a restart");
          return null;
        });
  }

  private void finish(ConsumerRecord<String, byte[]> record) {
    ledger.finished(PromptReader.partition(record), record.offset());
  }

  /** Closes engines and threads; call when {@link #run} has returned. */
  @Override
  public void close() {
    desks.values().forEach(desk -> desk.shelf.close());
    background.shutdownNow();
    writing.shutdownNow();
  }
}
