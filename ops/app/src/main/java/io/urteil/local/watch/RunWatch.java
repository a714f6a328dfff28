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
 * Follows a run's topics with a plain consumer and keeps its {@link RunStatistics}. What it shows
 * is what any other process could compute from the log. Reads on the caller's thread, in {@link
 * #poll}.
 */
public final class RunWatch implements AutoCloseable {

  private static final List<Topic> WATCHED =
      List.of(Topic.GROUPS, Topic.BATCHES, Topic.UPDATES, Topic.CHECKPOINTS);

  /** From first to last, for {@link ProgressWatchdog}. */
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

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Namespace place;
  private final EventLog log;
  private final LogFollower follower;
  private final RunStatistics figures;
  private final ProgressWatchdog standstill = new ProgressWatchdog(PATIENCE, this::ends);

  /** Watches one run from its beginning. */
  public RunWatch(Namespace place, String runId, int evaluationSize) {
    this.place = place;
    this.log = new EventLog(place);
    this.follower = log.followFromTheBeginning(WATCHED.toArray(Topic[]::new));
    this.figures = new RunStatistics(runId, evaluationSize);
  }

  /** Takes in what has come, waiting for up to {@code patience}; true when anything came. */
  public boolean poll(Duration patience) {
    return follower.poll(patience, SpecificRecord.class, found -> figures.on(found.event())) > 0;
  }

  /** What there is to say when the run stands still; see {@link ProgressWatchdog}. */
  public Optional<String> standstill() {
    return standstill.look(figures, System.nanoTime());
  }

  private List<ProgressWatchdog.TopicEnd> ends() {
    List<ProgressWatchdog.TopicEnd> ends = new ArrayList<>();
    for (Topic topic : FLOW) {
      Map<TopicPartition, Long> committed = log.committedEnds(topic, ANSWER);
      ends.add(
          new ProgressWatchdog.TopicEnd(
              topic.baseName(),
              sum(TopicCreator.ends(place, List.copyOf(committed.keySet()))),
              sum(committed)));
    }
    return ends;
  }

  private static long sum(Map<TopicPartition, Long> ends) {
    return ends.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Something computed from the figures so far. */
  public <T> T read(Function<RunStatistics, T> question) {
    return question.apply(figures);
  }

  @Override
  public void close() {
    follower.close();
  }
}
