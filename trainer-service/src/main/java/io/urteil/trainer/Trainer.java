package io.urteil.trainer;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Metrics;
import io.urteil.directory.DirectoryOwner;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFile;
import io.urteil.run.RunHistory;
import io.urteil.run.RunRegistry;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component that trains one run: batches in, checkpoints and policy updates out; see {@code
 * TrainerLoop} for the life of a batch. It waits until the run file is published, resumes at the
 * published position, and ends after {@code train.steps} versions. A run has one trainer at a time:
 * a second one in the same data directory is rejected, one elsewhere fences the first.
 */
public final class Trainer implements ServiceComponent {

  /** Its name in logs, dead letters and transactions. */
  public static final String NAME = "trainer";

  /** Cause of the dead letter for a checkpoint that does not match its hashes. */
  public static final String DAMAGED_CHECKPOINT = "damaged-checkpoint";

  private static final Logger LOGGER = LoggerFactory.getLogger(Trainer.class);
  private static final long RUN_POLL_MILLIS = 200;

  private final Namespace place;
  private final String runId;
  private final TrainerSettings settings;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Health health = new Health.Running();
  private volatile @Nullable Thread thread;
  private volatile @Nullable TrainerMetrics metrics;

  /** The trainer of this run with default settings. */
  public Trainer(Namespace place, String runId) {
    this(place, runId, TrainerSettings.defaults());
  }

  /** The trainer of this run. */
  public Trainer(Namespace place, String runId, TrainerSettings settings) {
    this.place = requireNonNull(place, "place");
    this.runId = requireNonNull(runId, "runId");
    this.settings = requireNonNull(settings, "settings");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name("trainer-loop").start(this::run);
  }

  @Override
  public Health health() {
    return health;
  }

  /** Finishes the current step, so that its version is published. */
  @Override
  public void close() {
    closing.countDown();
    Thread running = thread;
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    TrainerMetrics shown = metrics;
    if (shown != null) {
      shown.close();
    }
  }

  private void run() {
    try {
      TopicCreator.create(place);
      Optional<RunHistory> run = awaitRun();
      if (run.isEmpty()) {
        health = new Health.Finished("closed before run '" + runId + "' was published");
        return;
      }
      train(run.get());
    } catch (RuntimeException | Error e) {
      LOGGER
          .atError()
          .setCause(e)
          .addKeyValue("runId", runId)
          .addKeyValue("error", e.toString())
          .log("trainer failed");
      health = new Health.Failed(place.explained(e));
    }
  }

  private void train(RunHistory history) {
    DirectoryOwner.run(place, runId, history.versions().getFirst().file().hash())
        .claim(VersionFolders.root(place, runId));
    RunFile run = history.newest();
    // A trainer that has finished shows its last step until it is closed.
    TrainerMetrics shown = new TrainerMetrics(Metrics.globalRegistry, runId);
    metrics = shown;
    try (TrainerLoop loop = TrainerLoop.open(place, run, settings, shown)) {
      while (!loop.finished() && closing.getCount() > 0) {
        loop.advance();
        health = loop.blocked().<Health>map(Health.Blocked::new).orElseGet(Health.Running::new);
      }
      health =
          new Health.Finished(
              loop.finished()
                  ? "all %d versions are trained".formatted(loop.version())
                  : "closed at version %d".formatted(loop.version()));
    }
  }

  private Optional<RunHistory> awaitRun() {
    try (RunRegistry runs = new RunRegistry(place)) {
      while (true) {
        Optional<RunHistory> run = runs.history(runId);
        if (run.isPresent() || closing.await(RUN_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          return run;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
