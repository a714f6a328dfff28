package io.urteil.sampler;

import io.urteil.engine.EngineBusyException;
import io.urteil.engine.EngineClosedException;
import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Progress;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.file.FileRoots;
import io.urteil.history.CheckpointHistory;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import io.urteil.sampler.SampleRequests.SampleRequest;
import io.urteil.sampler.SampleRequests.UnusablePromptException;
import io.urteil.sampler.metrics.SamplerMetrics;
import io.urteil.sampler.queue.OffsetTracker;
import io.urteil.sampler.queue.Parking;
import io.urteil.sampler.queue.PendingPrompt;
import io.urteil.sampler.queue.PromptLoader;
import io.urteil.sampler.queue.PromptReader;
import io.urteil.sampler.queue.WaitingPrompts;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sampling thread. It owns all state of the sampler; other threads post events, which it
 * processes one by one. The life of a prompt:
 *
 * <ol>
 *   <li>{@link #read}: the prompt is queued with the prompts of its run, ordered by ordinal.
 *   <li>Its policy version is published ({@link #follow}) and admission accepts it. The version is
 *       opened in the background if necessary.
 *   <li>All its arms are submitted to the engine, together with those of other admitted prompts.
 *   <li>When an arm is finished, the writing thread creates and publishes its rollouts.
 *   <li>When all rollouts are acknowledged, the prompt is marked as finished for the commit.
 * </ol>
 *
 * A prompt that cannot be sampled is published as a dead letter, and is finished when that is
 * acknowledged.
 */
final class SamplingLoop implements AutoCloseable {

  /** Cause of a dead letter: the policy version is missing, damaged or unusable. */
  static final String UNUSABLE_CHECKPOINT = "unusable-checkpoint";

  /** Cause of a dead letter: the prompt cannot be sampled from the policy. */
  static final String UNUSABLE_PROMPT = "unusable-prompt";

  private static final Logger LOGGER = LoggerFactory.getLogger(SamplingLoop.class);
  private static final int FAILURES_MAX = 3;
  private static final long PAUSE_MILLIS = 200;

  /** Maximum number of prompts of a run that are sampled concurrently. */
  private static final int SAMPLING_MAX = 1_000;

  private record Submission(
      PendingPrompt pending, OpenPolicy policy, List<SampleRequest> requests) {}

  private final EventCodec codec;
  private final RunRegistry runs;
  private final EngineFactory engines;
  private final OffsetTracker tracker;
  private final RolloutPublisher publisher;
  private final Clock clock;
  private final SamplerMetrics metrics;
  private final FileRoots files;
  private final boolean truncated;
  private final PromptLoader loader;
  private final Parking parking;
  private final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final QueuedVolume volume = new QueuedVolume(Runtime.getRuntime().maxMemory() / 8);
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService writing =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("sampler-writing").factory());
  private final Map<String, RunScheduler> schedulers = new HashMap<>();
  private final Map<String, RunVersions> versions = new HashMap<>();
  private final Map<String, CheckpointHistory> histories = new HashMap<>();
  private final Map<String, RunProgress> progressOf = new HashMap<>();
  private boolean caughtUp;
  private volatile boolean running = true;

  /**
   * @param files that events and run files may name
   * @param truncated whether the first records of {@code checkpoints} were deleted
   * @param loader of parked prompts
   * @param parking of the waiting prompts
   */
  SamplingLoop(
      EventCodec codec,
      RunRegistry runs,
      EngineFactory engines,
      OffsetTracker tracker,
      RolloutPublisher publisher,
      Clock clock,
      SamplerMetrics metrics,
      FileRoots files,
      boolean truncated,
      PromptLoader loader,
      Parking parking) {
    this.files = files;
    this.truncated = truncated;
    this.loader = loader;
    this.parking = parking;
    this.codec = codec;
    this.runs = runs;
    this.engines = engines;
    this.tracker = tracker;
    this.publisher = publisher;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Processes events on the calling thread until {@link #stop}. */
  void run() throws InterruptedException {
    List<Runnable> batch = new ArrayList<>();
    while (running) {
      batch.add(events.take());
      events.drainTo(batch);
      batch.forEach(Runnable::run);
      batch.clear();
      if (caughtUp) {
        schedulers.values().forEach(this::sampleAdmitted);
      }
    }
  }

  /** Ends {@link #run} after the events before this call. Thread-safe. */
  void stop() {
    volume.close();
    post(() -> running = false);
  }

  /**
   * Bounds the bytes of records between the threads that read topics and this one. A reader that is
   * faster waits, so that a backlog of large records does not exhaust the memory. Thread-safe.
   */
  static final class QueuedVolume {

    private static final int UNIT_BYTES = 1 << 10;
    private static final long STEP_MILLIS = 100;

    private final int units;
    private final Semaphore free;
    private volatile boolean open = true;

    /**
     * @param mostBytes one record of any size may always be queued
     */
    QueuedVolume(long mostBytes) {
      this.units = (int) Math.clamp(mostBytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
      this.free = new Semaphore(units, true);
    }

    /** Waits until a record of this size may be queued; false after {@link #close}. */
    boolean acquire(int bytes) throws InterruptedException {
      while (open) {
        if (free.tryAcquire(units(bytes), STEP_MILLIS, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
      return false;
    }

    void release(int bytes) {
      free.release(units(bytes));
    }

    private int units(int bytes) {
      return Math.clamp(bytes / UNIT_BYTES + 1, 1, units);
    }

    /** No record is queued any more. */
    void close() {
      open = false;
    }
  }

  /** Posts a record of {@code prompts}. Thread-safe. */
  void read(ConsumerRecord<String, byte[]> record) {
    post(
        record,
        () ->
            fenced(
                () -> accept(record),
                reason -> deadLetter(record, DeadLetters.COMPONENT_FAILED, reason, null)));
  }

  /** Posts a record of {@code checkpoints} or {@code progress}. Thread-safe. */
  void follow(ConsumerRecord<String, byte[]> record) {
    post(record, () -> fenced(() -> update(record), reason -> setAside(record, reason, null)));
  }

  /** Signals that all versions published before the start were posted. Thread-safe. */
  void caughtUp() {
    post(() -> caughtUp = true);
  }

  /** Removes the waiting prompts of partitions that this sampler lost. Thread-safe. */
  void revoked(Collection<TopicPartition> partitions) {
    List<TopicPartition> lost = List.copyOf(partitions);
    post(
        () ->
            schedulers
                .values()
                .forEach(
                    scheduler ->
                        scheduler.waiting.removeIf(
                            pending -> lost.contains(PromptReader.partition(pending.record())))));
  }

  private void post(Runnable event) {
    events.add(event);
  }

  /** As {@link #post(Runnable)}, for a record: waits while too many bytes are queued. */
  private void post(ConsumerRecord<String, byte[]> record, Runnable event) {
    int bytes = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    try {
      if (volume.acquire(bytes)) {
        post(
            () -> {
              volume.release(bytes);
              event.run();
            });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One record's failure of any kind is a dead letter; the sampler continues. */
  private static void fenced(Runnable step, Consumer<String> setAside) {
    try {
      step.run();
    } catch (RuntimeException | StackOverflowError e) {
      setAside.accept("cannot be processed: " + e);
    }
  }

  private void setAside(
      ConsumerRecord<String, byte[]> record, String reason, @Nullable String runId) {
    skip(record, reason);
    warnOnFailure(
        publisher.deadLetter(record, CheckpointHistory.INVALID_CHECKPOINT, reason, runId));
  }

  private void accept(ConsumerRecord<String, byte[]> record) {
    switch (codec.decode(record.value())) {
      case DecodedRecord.NotAnEvent(String reason) ->
          deadLetter(record, DeadLetters.NO_EVENT, reason, null);
      case DecodedRecord.Event(SpecificRecord event) when event instanceof Prompt prompt ->
          accept(prompt, record);
      case DecodedRecord.Event(SpecificRecord event) ->
          deadLetter(
              record,
              DeadLetters.NO_EVENT,
              "event type: %s (expected: Prompt)".formatted(event.getSchema().getName()),
              null);
    }
  }

  private void accept(Prompt prompt, ConsumerRecord<String, byte[]> record) {
    String runId = prompt.getRunId();
    Optional<RunFile> run = runs.find(runId);
    if (run.isEmpty()) {
      deadLetter(
          record,
          DeadLetters.UNKNOWN_RUN,
          "runId: '%s' (expected: a published run)".formatted(runId),
          runId);
    } else if (run.get().policy() == null) {
      // A run without a policy only scores; its external producer samples the prompt.
      finish(record);
    } else {
      await(
          schedulers.computeIfAbsent(runId, id -> scheduler(run.get())),
          PendingPrompt.waiting(prompt, record));
    }
  }

  private void await(RunScheduler scheduler, PendingPrompt pending) {
    parking.add(pending, scheduler.waiting, waiting());
  }

  private List<WaitingPrompts> waiting() {
    return schedulers.values().stream().map(scheduler -> scheduler.waiting).toList();
  }

  /** Reads the first parked prompts of a run again when few others of it are left. */
  private void loadParked(RunScheduler scheduler) {
    List<PendingPrompt> due = scheduler.isLoading ? List.of() : parking.due(scheduler.waiting);
    if (due.isEmpty()) {
      return;
    }
    scheduler.isLoading = true;
    background.execute(
        () -> {
          try {
            List<PendingPrompt> loaded = loader.read(due);
            post(() -> loaded(scheduler, due, loaded));
          } catch (KafkaException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("cannot read prompts, retrying");
            later(() -> scheduler.isLoading = false);
          }
        });
  }

  private void loaded(RunScheduler scheduler, List<PendingPrompt> due, List<PendingPrompt> loaded) {
    scheduler.isLoading = false;
    parking
        .loaded(due, loaded, scheduler.waiting, waiting())
        .forEach(deleted -> finish(deleted.record()));
  }

  private RunScheduler scheduler(RunFile run) {
    RunVersions published = versions.computeIfAbsent(run.run(), id -> new RunVersions());
    PolicySection policy = run.policy();
    boolean trained = run.train() != null && run.batch().hasBatches();
    if (policy != null && !trained) {
      published.add(PolicyVersion.untrained(run.run(), policy.model()));
    }
    RunScheduler scheduler =
        new RunScheduler(
            run,
            published,
            new PolicyCache(
                new PolicyOpener(engines, files),
                metrics,
                background,
                (version, outcome) -> post(() -> opened(version, outcome))));
    scheduler.progress = progressOf.getOrDefault(run.run(), RunProgress.NONE);
    return scheduler;
  }

  private void update(ConsumerRecord<String, byte[]> record) {
    switch (codec.decode(record.value())) {
      case DecodedRecord.Event(SpecificRecord event) when event instanceof Checkpoint checkpoint ->
          update(checkpoint, record);
      case DecodedRecord.Event(SpecificRecord event) when event instanceof Progress progress -> {
        progressOf.put(progress.getRunId(), RunProgress.of(progress));
        RunScheduler scheduler = schedulers.get(progress.getRunId());
        if (scheduler != null) {
          scheduler.progress = RunProgress.of(progress);
        }
      }
      case DecodedRecord.Event(SpecificRecord event) ->
          skip(
              record,
              "event type: %s (expected: Checkpoint or Progress)"
                  .formatted(event.getSchema().getName()));
      case DecodedRecord.NotAnEvent(String reason) -> skip(record, reason);
    }
  }

  private void update(Checkpoint checkpoint, ConsumerRecord<String, byte[]> record) {
    String runId = checkpoint.getRunId();
    String model =
        runs.find(runId)
            .map(RunFile::policy)
            .map(policy -> policy.model().toString())
            .orElse(runId);
    Optional<String> problem =
        histories.computeIfAbsent(runId, id -> new CheckpointHistory(truncated)).add(checkpoint);
    PolicyVersion version;
    try {
      version = PolicyVersion.of(model, checkpoint, record, files);
    } catch (IllegalArgumentException e) {
      problem = Optional.of(problem.orElseGet(() -> String.valueOf(e.getMessage())));
      version = null;
    }
    if (version == null || problem.isPresent()) {
      setAside(
          record,
          "Checkpoint of version %d: %s".formatted(checkpoint.getVersion(), problem.orElse("")),
          runId);
      return;
    }
    versions.computeIfAbsent(runId, id -> new RunVersions()).add(version);
    RunScheduler scheduler = schedulers.get(runId);
    if (caughtUp && scheduler != null) {
      scheduler.newestUsable();
    }
  }

  private static void skip(ConsumerRecord<String, byte[]> record, String reason) {
    LOGGER
        .atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("error", reason)
        .log("ignoring unexpected record");
  }

  private void opened(PolicyVersion version, PolicyOpener.Outcome outcome) {
    RunScheduler scheduler = schedulers.get(version.runId());
    if (scheduler == null) {
      return;
    }
    scheduler.cache.put(version, outcome);
    switch (outcome) {
      case PolicyOpener.Outcome.Opened opened -> {
        metrics.of(version.runId()).opened(version.number());
        LOGGER
            .atInfo()
            .addKeyValue("runId", version.runId())
            .addKeyValue("policyVersion", version.number())
            .log("policy version opened");
      }
      case PolicyOpener.Outcome.Rejected(String reason) -> {
        LOGGER
            .atWarn()
            .addKeyValue("runId", version.runId())
            .addKeyValue("policyVersion", version.number())
            .addKeyValue("error", reason)
            .log("policy version rejected");
        ConsumerRecord<String, byte[]> record = version.record();
        if (record != null) {
          warnOnFailure(publisher.deadLetter(record, UNUSABLE_CHECKPOINT, reason, version.runId()));
        }
      }
    }
  }

  private void sampleAdmitted(RunScheduler scheduler) {
    List<Submission> submissions = new ArrayList<>();
    List<PendingPrompt> taken = new ArrayList<>();
    Iterator<PendingPrompt> waiting = scheduler.waiting.loaded().iterator();
    boolean deferred = false;
    while (waiting.hasNext()
        && !deferred
        && scheduler.sampling + submissions.size() < SAMPLING_MAX) {
      PendingPrompt pending = waiting.next();
      switch (scheduler.decide(pending)) {
        case RunScheduler.Decision.Deferred deferral ->
            deferred = defersLaterPrompts(pending.prompt());
        case RunScheduler.Decision.Opening opening -> {}
        case RunScheduler.Decision.Rejected(String reason) -> {
          taken.add(pending);
          deadLetter(pending, UNUSABLE_CHECKPOINT, reason);
        }
        case RunScheduler.Decision.Ready(OpenPolicy policy) -> {
          taken.add(pending);
          PendingPrompt loaded = pending.loaded(codec);
          requests(scheduler, loaded, policy)
              .ifPresent(requests -> submissions.add(new Submission(loaded, policy, requests)));
        }
      }
    }
    taken.forEach(scheduler.waiting::remove);
    submissions.forEach(submission -> sample(scheduler, submission));
    loadParked(scheduler);
    updateMeters(scheduler);
    scheduler.cache.closeUnneeded();
  }

  /** Updates the meters on a change only, so that an idle run does not count as active. */
  private void updateMeters(RunScheduler scheduler) {
    if (scheduler.shownWaiting != scheduler.waiting.size()
        || scheduler.shownSampling != scheduler.sampling) {
      scheduler.shownWaiting = scheduler.waiting.size();
      scheduler.shownSampling = scheduler.sampling;
      metrics.of(scheduler.run.run()).prompts(scheduler.shownWaiting, scheduler.shownSampling);
    }
  }

  /** Admission of TRAIN prompts is monotonic in the ordinal: later prompts are deferred, too. */
  private static boolean defersLaterPrompts(Prompt prompt) {
    return prompt.getPurpose() == Purpose.TRAIN && prompt.getPolicyVersion() == null;
  }

  private Optional<List<SampleRequest>> requests(
      RunScheduler scheduler, PendingPrompt pending, OpenPolicy policy) {
    try {
      return Optional.of(SampleRequests.of(scheduler.run, pending.prompt(), policy));
    } catch (UnusablePromptException e) {
      deadLetter(pending, UNUSABLE_PROMPT, String.valueOf(e.getMessage()));
      return Optional.empty();
    } catch (RuntimeException | StackOverflowError e) {
      deadLetter(pending, DeadLetters.COMPONENT_FAILED, "failed: " + e);
      return Optional.empty();
    }
  }

  private void sample(RunScheduler scheduler, Submission submission) {
    OpenPolicy policy = submission.policy();
    scheduler.sampling++;
    scheduler.cache.use(policy.version());
    Instant dispatchedAt = clock.instant();
    if (submission.pending().failures() == 0) {
      metrics
          .of(scheduler.run.run())
          .dispatched(System.nanoTime() - submission.pending().readNanos());
    }
    List<CompletableFuture<Void>> written = new ArrayList<>();
    for (SampleRequest request : submission.requests()) {
      written.add(
          policy
              .engine()
              .submit(request.request())
              .thenComposeAsync(
                  completion ->
                      publisher.publish(
                          submission.pending(), request, completion, policy, dispatchedAt),
                  writing));
    }
    CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
        .whenComplete((all, error) -> post(() -> sampled(scheduler, submission, error)));
  }

  private void sampled(RunScheduler scheduler, Submission submission, @Nullable Throwable error) {
    scheduler.sampling--;
    scheduler.cache.release(submission.policy().version());
    PendingPrompt pending = submission.pending();
    if (error == null) {
      finish(pending.record());
      return;
    }
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof EngineClosedException) {
      if (running) {
        throw new IllegalStateException(
            "the engine of run '%s' stopped unexpectedly".formatted(scheduler.run.run()), cause);
      }
      return;
    }
    if (cause instanceof EngineBusyException) {
      // Another run has filled the engine; the prompt did not fail.
      later(() -> await(scheduler, pending.unloaded()));
      return;
    }
    LOGGER
        .atWarn()
        .addKeyValue("groupId", pending.prompt().getGroupId())
        .addKeyValue("error", cause.toString())
        .log("sampling failed");
    if (pending.failures() + 1 >= FAILURES_MAX) {
      deadLetter(pending, RolloutPublisher.SAMPLING_FAILED, cause.toString());
    } else {
      later(() -> await(scheduler, pending.failedOnce().unloaded()));
    }
  }

  private void later(Runnable event) {
    CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
        .execute(() -> post(event));
  }

  private void deadLetter(PendingPrompt pending, String cause, String message) {
    finishAfterDeadLetter(pending.record(), publisher.deadLetter(pending, cause, message));
  }

  private void deadLetter(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId) {
    finishAfterDeadLetter(record, publisher.deadLetter(record, cause, message, runId));
  }

  private void finishAfterDeadLetter(
      ConsumerRecord<String, byte[]> record, CompletableFuture<Void> published) {
    warnOnFailure(published.thenRun(() -> finish(record)));
  }

  private static void warnOnFailure(CompletableFuture<Void> sent) {
    sent.exceptionally(
        error -> {
          LOGGER
              .atError()
              .addKeyValue("error", error.toString())
              .log("cannot publish dead letter; the record is read again after a restart");
          return null;
        });
  }

  private void finish(ConsumerRecord<String, byte[]> record) {
    tracker.finished(PromptReader.partition(record), record.offset());
  }

  /** Closes engines and threads. To be called after {@link #run} has returned. */
  @Override
  public void close() {
    schedulers.values().forEach(scheduler -> scheduler.cache.close());
    background.shutdownNow();
    writing.shutdownNow();
  }
}
