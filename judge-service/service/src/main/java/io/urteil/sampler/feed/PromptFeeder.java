package io.urteil.sampler.feed;

import io.urteil.event.Checkpoint;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.Ids;
import io.urteil.event.LogFollower;
import io.urteil.event.LoggedEvent;
import io.urteil.event.Namespace;
import io.urteil.event.Progress;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.RecordPosition;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.history.CheckpointHistory;
import io.urteil.run.DataSection;
import io.urteil.run.EvaluateSection;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the prompts of one run. Its thread
 *
 * <ol>
 *   <li>reads the {@code prompts} topic once for the prompts of an earlier feeder,
 *   <li>follows {@code checkpoint-head} and {@code progress}, and after each event publishes the
 *       prompts that are due by {@link FeedPlan}: training prompts, and evaluations pinned to a
 *       version,
 *   <li>ends after the last evaluation is published.
 * </ol>
 *
 * A killed feeder may leave gaps in the ordinals, because partitions acknowledge independently; the
 * next feeder publishes the missing prompts. A repeated prompt has the same id and changes nothing.
 */
public final class PromptFeeder implements ServiceComponent {

  private final Namespace namespace;
  private final String runId;
  private final EventProducer producer;
  private final EventLog log;
  private final LogFollower follower;
  private final Thread thread;
  private volatile Health health = new Health.Running();

  private final PublishedPrompts published = new PublishedPrompts();
  private final AtomicReference<@Nullable Throwable> sendFailure = new AtomicReference<>();
  private long version = -1;
  private long dropped;
  private long batched;
  private long batches;

  /** The feeder of one run, whose run file must be published; not started. */
  public PromptFeeder(Namespace namespace, String runId) {
    this.namespace = namespace;
    this.runId = runId;
    this.producer = EventProducer.idempotent(namespace);
    this.log = new EventLog(namespace);
    this.follower =
        log.followFrom(
            List.of(
                new RecordPosition(Topic.CHECKPOINT_HEAD.in(namespace), 0, 0),
                new RecordPosition(Topic.PROGRESS.in(namespace), 0, 0)));
    this.thread = Thread.ofPlatform().name("feeder-" + runId).unstarted(this::run);
  }

  @Override
  public String name() {
    return "feeder";
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public Health health() {
    return health;
  }

  @Override
  public void close() {
    follower.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }

  private void run() {
    try (RunRegistry runs = new RunRegistry(namespace)) {
      RunFile run = runs.find(runId).orElseThrow(() -> unknownRun(runId));
      FeedPlan plan = FeedPlan.of(run);
      DataSection data = required(run.data(), "data");
      PromptFile training = PromptFile.read(run, data.prompts(), namespace.files());
      EvaluateSection evaluate = run.evaluate();
      @Nullable PromptFile heldOut =
          evaluate == null ? null : PromptFile.read(run, evaluate.prompts(), namespace.files());
      readPublished();
      int evaluationSize = evaluate == null ? 0 : evaluate.size();
      while (version < plan.steps()
          || !areEvaluationsPublished(plan.evaluated(version), evaluationSize)) {
        follower.poll(Duration.ofSeconds(1), SpecificRecord.class, this::follow);
        if (version >= 0) {
          publishTraining(run, training, plan.trainingLimit(version, dropped, batched, batches));
          if (heldOut != null && evaluate != null) {
            publishEvaluations(run, heldOut, evaluate.size(), plan);
          }
          flush();
        }
      }
      health = new Health.Finished("all prompts of run " + runId + " are published");
    } catch (WakeupException e) {
      health = new Health.Finished("stopped");
    } catch (RuntimeException e) {
      health = new Health.Failed(namespace.explained(e));
    } finally {
      follower.close();
    }
  }

  private boolean areEvaluationsPublished(List<Long> versions, int size) {
    return versions.stream().allMatch(due -> published.missingEvaluation(due, size).isEmpty());
  }

  private void readPublished() {
    log.scan(Topic.PROMPTS, Prompt.class, runId, found -> published.add(found.event()));
  }

  private void follow(LoggedEvent<SpecificRecord> found) {
    SpecificRecord event = found.event();
    if (runId.equals(found.key())) {
      if (event instanceof Checkpoint checkpoint
          && CheckpointHistory.isVersion(checkpoint.getVersion())) {
        version = Math.max(version, checkpoint.getVersion());
      } else if (event instanceof Progress progress) {
        dropped = Math.max(dropped, progress.getGroupsDropped());
        batched = Math.max(batched, progress.getGroupsBatched());
        batches = Math.max(batches, progress.getBatches());
      }
    }
  }

  private void publishTraining(RunFile run, PromptFile training, long limit) {
    DataSection data = required(run.data(), "data");
    for (long ordinal = published.firstMissingTraining();
        ordinal < limit;
        ordinal = published.firstMissingTraining()) {
      List<PromptArm> arms = training.at(ordinal, data.order(), data.seed());
      send(prompt(run, Purpose.TRAIN, ordinal, arms, run.group().samplesPerArm(), null));
    }
  }

  private void publishEvaluations(RunFile run, PromptFile heldOut, int size, FeedPlan plan) {
    for (long due : plan.evaluated(version)) {
      for (long ordinal : published.missingEvaluation(due, size)) {
        int line = (int) ((ordinal - due * size) % heldOut.lines().size());
        send(prompt(run, Purpose.EVALUATE, ordinal, heldOut.lines().get(line), 1, due));
      }
    }
  }

  private void send(Prompt prompt) {
    published.add(prompt);
    producer
        .sendAsync(Topic.PROMPTS, prompt.getGroupId(), prompt)
        .exceptionally(
            error -> {
              sendFailure.compareAndSet(null, error);
              return null;
            });
  }

  /**
   * Waits for the acknowledgement of all prompts sent.
   *
   * @throws IllegalStateException when the broker rejected one, which would leave a gap in the run
   */
  private void flush() {
    producer.flush();
    Throwable error = sendFailure.get();
    if (error != null) {
      throw new IllegalStateException("cannot publish prompts: " + error.getMessage(), error);
    }
  }

  private static Prompt prompt(
      RunFile run,
      Purpose purpose,
      long ordinal,
      List<PromptArm> arms,
      int samplesPerArm,
      @Nullable Long policyVersion) {
    return Prompt.newBuilder()
        .setRunId(run.run())
        .setGroupId(Ids.group(run.run(), purpose, ordinal))
        .setOrdinal(ordinal)
        .setPurpose(purpose)
        .setArms(arms)
        .setSamplesPerArm(samplesPerArm)
        .setDeadlineMillis(run.group().deadline().toMillis())
        .setPolicyVersion(policyVersion)
        .setCreatedAt(Instant.now())
        .build();
  }

  private static <T> T required(@Nullable T section, String name) {
    if (section == null) {
      throw new IllegalArgumentException(name + ": missing (expected: a section of the run file)");
    }
    return section;
  }

  private static IllegalArgumentException unknownRun(String runId) {
    return new IllegalArgumentException(
        "run: '" + runId + "' is not on the runs topic (expected: a published run)");
  }
}
