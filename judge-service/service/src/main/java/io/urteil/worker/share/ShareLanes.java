package io.urteil.worker.share;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of a share worker, each on its own thread. There is one lane while all records are
 * finished quickly. As soon as unfinished records keep lanes from fetching, others are opened until
 * every partition has a free one; see {@link LanePlan}. Used by one thread.
 */
final class ShareLanes implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ShareLanes.class);

  /** Lanes that are not needed are closed one by one when no lane was held for this long. */
  private static final Duration CALM = Duration.ofSeconds(10);

  private static final Duration CLOSE_INTERVAL = Duration.ofSeconds(1);
  private static final Duration JOINING = Duration.ofSeconds(5);
  private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);
  private static final int MOST_LANES = 64;

  /** Lanes that the pauses between fetches count on; the others are in reserve. */
  private static final int PACED_LANES = 56;

  private static final int MOST_AT_ONCE = 4;
  private static final long MOST_RECORDS = 40_000;

  private final ShareSource source;
  private final RecordProcessor processor;
  private final ExecutorService threads;
  private final BooleanSupplier running;
  private final LockCounters locks;
  private final ShareAssignments assignments;
  private final HeldVolume volume =
      new HeldVolume(MOST_RECORDS, Runtime.getRuntime().maxMemory() / 16);
  private final FetchTurns turns = new FetchTurns(volume);
  private final String clientPrefix;
  private final List<RunningLane> lanes = new ArrayList<>();
  private int opened;
  private long lastCheckNanos = System.nanoTime();
  private long lastHeldNanos = System.nanoTime();
  private long lastWarningNanos = System.nanoTime() - WARNING_INTERVAL.toNanos();

  ShareLanes(
      ShareSource source,
      RecordProcessor processor,
      ExecutorService threads,
      BooleanSupplier running,
      LockCounters locks) {
    this.source = source;
    this.processor = processor;
    this.threads = threads;
    this.running = running;
    this.locks = locks;
    this.assignments = new ShareAssignments(source.namespace(), source.groupId());
    this.clientPrefix =
        "%s-%s-".formatted(source.groupId(), UUID.randomUUID().toString().substring(0, 8));
  }

  /** Opens and closes lanes as needed. Returns the failure of a lane that has ended. */
  Optional<Throwable> adjust() throws InterruptedException {
    Throwable failure = removeEnded();
    if (failure != null) {
      return Optional.of(failure);
    }
    if (lanes.isEmpty()) {
      open(1);
    }
    long now = System.nanoTime();
    volume.measure(now);
    boolean held = lanes.stream().anyMatch(RunningLane::isHeld);
    if (held) {
      lastHeldNanos = now;
    }
    boolean calm = lanes.size() > 1 && now - lastHeldNanos > CALM.toNanos();
    if (held || (calm && now - lastCheckNanos > CLOSE_INTERVAL.toNanos())) {
      lastCheckNanos = now;
      Optional<Map<String, Set<TopicPartition>>> assigned = assignments.byClient();
      if (assigned.isPresent()) {
        follow(plan(assigned.get(), calm));
      }
    }
    return Optional.empty();
  }

  /** Waits until all lanes have ended. */
  void join() throws InterruptedException {
    for (RunningLane lane : lanes) {
      lane.thread.join();
    }
    lanes.clear();
  }

  private @Nullable Throwable removeEnded() {
    Throwable failure = null;
    for (Iterator<RunningLane> each = lanes.iterator(); each.hasNext(); ) {
      RunningLane lane = each.next();
      if (!lane.thread.isAlive()) {
        each.remove();
        failure = failure == null ? lane.failure : failure;
      }
    }
    return failure;
  }

  private LanePlan plan(Map<String, Set<TopicPartition>> assigned, boolean calm) {
    Set<TopicPartition> partitions = new HashSet<>();
    assigned.values().forEach(partitions::addAll);
    turns.lanesOfAPartition(PACED_LANES / Math.max(1, partitions.size()));
    List<LanePlan.LaneView> views = new ArrayList<>();
    int joining = 0;
    for (RunningLane lane : lanes) {
      Set<TopicPartition> own = assigned.getOrDefault(lane.id, Set.of());
      if (own.isEmpty() && lane.isYoungerThan(JOINING)) {
        joining++;
      } else {
        views.add(
            new LanePlan.LaneView(
                lane.id, !lane.isHeld() && !lane.retired, !lane.retired && calm, own));
      }
    }
    int most = source.pollRecords() == 1 ? 1 : MOST_LANES;
    return new LanePlan(most, partitions, views, joining);
  }

  private void follow(LanePlan plan) {
    int wanted = plan.toOpen();
    if (wanted > 0 && volume.hasRoom()) {
      open(Math.min(wanted, MOST_AT_ONCE));
    } else if (wanted > 0 || plan.isFull()) {
      warn();
    }
    plan.toClose()
        .ifPresent(
            id ->
                lanes.stream()
                    .filter(lane -> lane.id.equals(id))
                    .forEach(lane -> lane.retired = true));
  }

  private void open(int count) {
    for (int i = 0; i < count; i++) {
      RunningLane lane = new RunningLane(clientPrefix + opened++);
      lanes.add(lane);
      lane.thread.start();
    }
    LOGGER
        .atDebug()
        .addKeyValue("group", source.groupId())
        .addKeyValue("lanes", lanes.size())
        .log("lanes opened");
  }

  private void warn() {
    if (System.nanoTime() - lastWarningNanos > WARNING_INTERVAL.toNanos()) {
      lastWarningNanos = System.nanoTime();
      LOGGER
          .atWarn()
          .addKeyValue("group", source.groupId())
          .addKeyValue("records", volume.records())
          .addKeyValue("lanes", lanes.size())
          .log("no more records can be held; further records wait for unfinished ones");
    }
  }

  @Override
  public void close() {
    assignments.close();
  }

  /** A lane and its thread. */
  private final class RunningLane {
    private final String id;
    private final Thread thread;
    private final long openedNanos = System.nanoTime();
    private volatile @Nullable ShareLane lane;
    private volatile @Nullable Throwable failure;
    private volatile boolean retired;

    RunningLane(String id) {
      this.id = id;
      this.thread = Thread.ofPlatform().name(id).unstarted(this::run);
    }

    private void run() {
      try (ShareLane own =
          new ShareLane(
              source,
              id,
              processor,
              threads,
              () -> running.getAsBoolean() && !retired,
              locks,
              volume,
              turns)) {
        lane = own;
        own.run();
      } catch (RuntimeException | Error | InterruptedException e) {
        failure = e;
      }
    }

    boolean isHeld() {
      ShareLane own = lane;
      return own != null && own.isHeld();
    }

    boolean isYoungerThan(Duration age) {
      return System.nanoTime() - openedNanos < age.toNanos();
    }
  }
}
