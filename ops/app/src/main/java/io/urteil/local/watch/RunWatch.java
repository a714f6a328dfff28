package io.urteil.local.watch;

import io.urteil.event.EventLog;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Consumes a run's topics and maintains its {@link RunStatistics}. Reads on the caller's thread, in
 * {@link #poll}; not thread-safe.
 */
public final class RunWatch implements AutoCloseable {

  private static final List<Topic> WATCHED =
      List.of(Topic.GROUPS, Topic.BATCHES, Topic.UPDATES, Topic.CHECKPOINTS);

  /** Topics in the order of the flow, for {@link ProgressWatchdog}. */
  private static final List<Topic> FLOW =
      List.of(
          Topic.PROMPTS,
          Topic.ROLLOUTS,
          Topic.JUDGEMENTS,
          Topic.GROUPS,
          Topic.BATCHES,
          Topic.UPDATES,
          Topic.CHECKPOINTS,
          Topic.DEAD_LETTERS);

  private static final Duration STALL_LIMIT = Duration.ofSeconds(60);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private final Namespace namespace;
  private final EventLog log;
  private final LogFollower follower;
  private final RunStatistics figures;
  private final ProgressWatchdog watchdog = new ProgressWatchdog(STALL_LIMIT, this::ends);

  /** Follows the topics of one run from their beginning. */
  public RunWatch(Namespace namespace, String runId, int evaluationSize) {
    this.namespace = namespace;
    this.log = new EventLog(namespace);
    this.follower = log.followFromTheBeginning(WATCHED.toArray(Topic[]::new));
    this.figures = new RunStatistics(runId, evaluationSize);
  }

  /**
   * Processes the available events and waits for at most {@code timeout}; true if there was an
   * event.
   */
  public boolean poll(Duration timeout) {
    return follower.poll(timeout, SpecificRecord.class, found -> figures.on(found.event())) > 0;
  }

  /** The report of a stalled run, when it is due; see {@link ProgressWatchdog#check}. */
  public Optional<String> stallReport() {
    return watchdog.check(figures, System.nanoTime());
  }

  private List<ProgressWatchdog.TopicEnd> ends() {
    List<ProgressWatchdog.TopicEnd> ends = new ArrayList<>();
    for (Topic topic : FLOW) {
      Map<TopicPartition, Long> committed = log.committedEnds(topic, ANSWER_TIMEOUT);
      ends.add(
          new ProgressWatchdog.TopicEnd(
              topic.baseName(),
              sum(TopicCreator.ends(namespace, List.copyOf(committed.keySet()))),
              sum(committed)));
    }
    return ends;
  }

  private static long sum(Map<TopicPartition, Long> ends) {
    return ends.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Applies a function to the current figures. */
  public <T> T read(Function<RunStatistics, T> function) {
    return function.apply(figures);
  }

  @Override
  public void close() {
    follower.close();
  }
}
