package io.urteil.trainer;

import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.checkpoint.TrainerState;
import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.LogPosition;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.RecordPosition;
import io.urteil.file.FileRoots;
import io.urteil.kafka.BrokerUnreachableException;
import io.urteil.run.RunFile;
import io.urteil.trainer.BatchPayloads.Fetched;
import io.urteil.trainer.StepReport.Outcome;
import io.urteil.trainer.StepReport.Phases;
import io.urteil.trainer.policy.PolicyTrainer;
import io.urteil.trainer.policy.StepStatistics;
import io.urteil.trainer.policy.StepStatistics.WeightChange;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the versions of one run's policy. The life of a batch:
 *
 * <ol>
 *   <li>all its chunks are read from {@code batches}, and its payloads by reference;
 *   <li>one optimiser step;
 *   <li>the checkpoint folder is written, forced to the disk and renamed;
 *   <li>{@code Checkpoint}, head and {@code PolicyUpdate} are committed in one transaction, and
 *       with them the position to resume from;
 *   <li>unneeded folders are removed.
 * </ol>
 *
 * <p>Before step 4 nothing is published: a crashed process leaves at most a folder without an
 * event, and the next process removes it and trains the batch again from the last full checkpoint.
 * Versions between that one and the head are replayed; if a replayed version's hash differs from
 * the published one, as with several threads or on another machine, a new lineage starts there. A
 * replayed version whose folder is damaged is written again.
 *
 * <p>The version is the number of batches trained. An unusable batch produces a version with its
 * parent's weights and a dead letter, so that the samplers' admission continues. Used by one
 * thread.
 */
final class TrainerLoop implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(TrainerLoop.class);

  private final String runId;
  private final TrainingPlan plan;
  private final TrainerSettings settings;
  private final RunLock lock;
  private final TrainerEventPublisher log;
  private final PublishedVersions published;
  private final VersionFolders folders;
  private final FileRoots files;
  private final BatchReader batches;
  private final BatchPayloads payloads;
  private final PolicyTrainer trainer;
  private final TrainerMetrics metrics;

  private @Nullable TrainingBatch pending;
  private Optional<String> blocked = Optional.empty();
  private String lineage;
  private String weightsLineage;
  private long version;
  private long lastFull;
  private long replayUntil;
  private long idleSinceNanos = System.nanoTime();

  private TrainerLoop(
      RunFile run,
      TrainingPlan plan,
      TrainerSettings settings,
      RunLock lock,
      TrainerEventPublisher log,
      PublishedVersions published,
      VersionFolders folders,
      FileRoots files,
      BatchReader batches,
      BatchPayloads payloads,
      StartingPoint start,
      TrainerMetrics metrics) {
    this.runId = run.run();
    this.plan = plan;
    this.settings = settings;
    this.lock = lock;
    this.log = log;
    this.published = published;
    this.folders = folders;
    this.files = files;
    this.batches = batches;
    this.payloads = payloads;
    this.trainer = start.trainer();
    this.metrics = metrics;
    this.lineage = published.lineage();
    this.version = start.version();
    this.weightsLineage = published.lineageAt(version).orElse(lineage);
    this.lastFull = version;
    this.replayUntil = published.head();
  }

  /**
   * Takes over a run: locks its folders, fences an earlier trainer of it, removes that trainer's
   * unpublished folders, and loads the last full checkpoint, or publishes version 0 if there is
   * none.
   *
   * @throws IllegalArgumentException if the run cannot be trained
   */
  static TrainerLoop open(
      Namespace place, RunFile run, TrainerSettings settings, TrainerMetrics metrics) {
    TrainingPlan plan = TrainingPlan.of(run);
    try (ResourceScope opened = new ResourceScope()) {
      RunLock lock = opened.add(RunLock.take(place, run.run()));
      TrainerEventPublisher log = opened.add(new TrainerEventPublisher(place, run.run()));
      PublishedVersions published = PublishedVersions.read(place, run.run(), log::add);
      VersionFolders folders =
          new VersionFolders(
              place, run.run(), place.files().requireModel("policy.model", plan.model()));
      folders.removeUncommitted(published);
      BatchReader batches = opened.add(new BatchReader(place, run.run()));
      BatchPayloads payloads = opened.add(new BatchPayloads(place, plan.objective()));
      StartingPoint start =
          StartingPoint.find(
              run.run(), plan, settings, published, log, place.files(), batches::covers);
      opened.add(start.trainer());
      TrainerLoop loop =
          new TrainerLoop(
              run,
              plan,
              settings,
              lock,
              log,
              published,
              folders,
              place.files(),
              batches,
              payloads,
              start,
              metrics);
      loop.begin(start.resume().orElseGet(batches::beginning));
      opened.keep();
      return loop;
    }
  }

  /** Whether all versions of the run are trained. */
  boolean finished() {
    return version >= plan.steps();
  }

  long version() {
    return version;
  }

  /** The reason for which no batch can be trained; empty while none is missing. */
  Optional<String> blocked() {
    return blocked;
  }

  /**
   * Trains the next batch if there is one; otherwise polls briefly. A batch whose payloads are
   * temporarily unavailable is kept and retried at the next call.
   */
  void advance() {
    if (pending == null) {
      pending = batches.poll().orElse(null);
    }
    batches.drainRefused().forEach(this::report);
    if (pending == null) {
      log.flush();
      return;
    }
    if (pending.number() != version) {
      setAside(pending);
      pending = null;
      return;
    }
    blocked = Optional.empty();
    try {
      train(pending);
      pending = null;
    } catch (BrokerUnreachableException e) {
      LOGGER
          .atWarn()
          .addKeyValue("runId", runId)
          .addKeyValue("batchId", pending.batchId())
          .addKeyValue("error", e.getMessage())
          .log("payloads unavailable, retrying");
    }
  }

  @Override
  public void close() {
    trainer.close();
    payloads.close();
    batches.close();
    log.close();
    lock.close();
  }

  private void begin(RecordPosition position) {
    batches.seek(position);
    log.flush();
    if (published.isEmpty()) {
      TrainerState state = new TrainerState(0, lineage, CheckpointEvents.stored(position));
      StoredCheckpoint stored = folders.write(trainer, state, true);
      log.publish(checkpoint(state, stored, List.of(), Map.of()), Optional.empty(), List.of());
    }
    metrics.startedFrom(version);
    LOGGER
        .atInfo()
        .addKeyValue("runId", runId)
        .addKeyValue("policyVersion", version)
        .addKeyValue("lineage", lineage)
        .addKeyValue("head", replayUntil)
        .log("trainer starts");
  }

  /**
   * Leaves out a batch that is not the next one: an earlier one was trained already, a later one is
   * not due. If the next one never comes, the topic has lost it, and the trainer is blocked.
   */
  private void setAside(TrainingBatch batch) {
    String reason =
        batch.number() < version
            ? "was trained already (expected: number %d, the policy's version)".formatted(version)
            : "(expected: number %d, the policy's version); was the batches topic changed?"
                .formatted(version);
    DeadLetter letter = batches.setAside(batch, DeadLetters.CONFLICT, reason);
    LOGGER
        .atWarn()
        .addKeyValue("runId", runId)
        .addKeyValue("batchId", batch.batchId())
        .addKeyValue("offset", batch.first().offset())
        .addKeyValue("error", letter.getMessage())
        .log("batch set aside");
    if (batch.number() > version) {
      blocked =
          Optional.of(
              "waiting for batch %d; %s at %s"
                  .formatted(version, letter.getMessage(), batch.first()));
    }
    report(letter);
  }

  private void train(TrainingBatch batch) {
    long begin = System.nanoTime();
    Fetched fetched = fetched(batch);
    long read = System.nanoTime();
    Outcome outcome = step(fetched);
    long trained = System.nanoTime();
    version++;
    if (!repeatsPublishedVersion()) {
      TrainerState state =
          new TrainerState(version, lineage, CheckpointEvents.stored(batch.resume()));
      boolean full = plan.isFull(version) || !lineage.equals(weightsLineage);
      StoredCheckpoint stored = folders.write(trainer, state, full);
      Phases phases =
          new Phases(
              millis(idleSinceNanos, begin),
              millis(begin, read),
              millis(read, trained),
              millis(trained, System.nanoTime()));
      publish(new StepReport(batch, outcome, phases), state, stored);
    }
    idleSinceNanos = System.nanoTime();
  }

  /** The payloads; a reference that cannot be followed at all makes the batch unusable. */
  private Fetched fetched(TrainingBatch batch) {
    try {
      return payloads.fetch(batch);
    } catch (BrokerUnreachableException | AuthorizationException | InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      return new Fetched.Unusable("Batch '%s': %s".formatted(batch.batchId(), e));
    }
  }

  private Outcome step(Fetched fetched) {
    return switch (fetched) {
      case Fetched.Unusable(String reason) -> new Outcome.Skipped(reason);
      case Fetched.Rows rows -> {
        try {
          StepStatistics statistics =
              trainer.step(
                  rows.sequences(),
                  plan.objective(),
                  plan.learningRate().at(Math.toIntExact(version)),
                  settings.measureAll()
                      || rows.sequences().stream().noneMatch(plan.objective()::contributes));
          yield statistics.change() == WeightChange.NOT_FINITE
              ? new Outcome.Skipped(
                  "loss %s, gradient norm %s (expected: finite numbers)"
                      .formatted(statistics.loss(), statistics.gradientNorm()))
              : new Outcome.Trained(statistics, rows.policyVersions());
        } catch (IllegalArgumentException e) {
          yield new Outcome.Skipped(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  /**
   * Whether this version was published with the same weights. If it was published with others, a
   * new lineage starts.
   */
  private boolean repeatsPublishedVersion() {
    if (version > replayUntil) {
      return false;
    }
    String hash = folders.weightsHash(trainer);
    String before = published.weightsHash(version).orElse("none");
    boolean repeats = hash.equals(before);
    if (repeats) {
      weightsLineage = published.lineageAt(version).orElse(lineage);
      published.inChain(version).ifPresent(this::repair);
    } else {
      lineage = published.nextLineage();
      replayUntil = version - 1;
      LOGGER
          .atWarn()
          .addKeyValue("runId", runId)
          .addKeyValue("policyVersion", version)
          .addKeyValue("lineage", lineage)
          .addKeyValue("published", before)
          .addKeyValue("replayed", hash)
          .log("replay does not reproduce the published weights; starting a new lineage");
    }
    return repeats;
  }

  /** Writes the replayed version again if its folder is damaged, or missing but to be kept. */
  private void repair(Checkpoint checkpoint) {
    StoredCheckpoint stored;
    try {
      stored = PublishedVersions.stored(checkpoint, files);
    } catch (IllegalArgumentException e) {
      // Published by a trainer with other folders; its event has a dead letter.
      return;
    }
    if (!Files.exists(stored.folder()) && version <= published.head() - plan.checkpoint().keep()) {
      return;
    }
    LogPosition resume = checkpoint.getResume();
    TrainerState state =
        new TrainerState(
            version,
            checkpoint.getLineage(),
            resume == null ? null : CheckpointEvents.stored(RecordPosition.of(resume)));
    folders
        .repair(trainer, stored, state)
        .ifPresent(
            damage ->
                LOGGER
                    .atWarn()
                    .addKeyValue("runId", runId)
                    .addKeyValue("policyVersion", version)
                    .addKeyValue("error", damage)
                    .log("damaged checkpoint repaired"));
  }

  private void publish(StepReport report, TrainerState state, StoredCheckpoint stored) {
    Checkpoint checkpoint = checkpoint(state, stored, report.learnedBatchIds(), report.metrics());
    PolicyUpdate update = report.event(runId, version, lineage, plan.objectiveName());
    log.publish(checkpoint, Optional.of(update), deadLetters(report));
    metrics.published(report, version);
    weightsLineage = lineage;
    if (stored.full()) {
      lastFull = version;
    }
    folders
        .of(lineage)
        .prune(
            plan.checkpoint().keep(),
            kept ->
                kept >= version - plan.maxVersionsBehind()
                    || kept == lastFull
                    || (kept == 0 && plan.objective().needsReference()));
    LOGGER
        .atInfo()
        .addKeyValue("runId", runId)
        .addKeyValue("policyVersion", version)
        .addKeyValue("batchId", report.batch().batchId())
        .addKeyValue("loss", update.getLoss())
        .log("policy updated");
  }

  private Checkpoint checkpoint(
      TrainerState state,
      StoredCheckpoint stored,
      List<String> batchIds,
      Map<String, Double> metrics) {
    return CheckpointEvents.of(
        runId, plan.objectiveName(), state, stored, weightsLineage, batchIds, metrics);
  }

  private List<DeadLetter> deadLetters(StepReport report) {
    return switch (report.outcome()) {
      case Outcome.Trained trained -> List.of();
      case Outcome.Skipped(String reason) -> {
        TrainingBatch batch = report.batch();
        LOGGER
            .atWarn()
            .addKeyValue("runId", runId)
            .addKeyValue("batchId", batch.batchId())
            .addKeyValue("error", reason)
            .log("batch skipped");
        RecordPosition first = batch.first();
        yield List.of(
            DeadLetters.of(
                Trainer.NAME,
                DeadLetters.UNUSABLE_BATCH,
                reason,
                runId,
                first.topic(),
                first.partition(),
                first.offset(),
                runId,
                null,
                Instant.now()));
      }
    };
  }

  /** Problems found again in a replay were reported the first time. */
  private void report(DeadLetter letter) {
    if (version >= replayUntil) {
      log.add(letter);
    }
  }

  private static double millis(long fromNanos, long toNanos) {
    return (toNanos - fromNanos) / 1e6;
  }
}
