package io.urteil.local.watch;

import io.urteil.kafka.BrokerUnreachableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Notices when nothing of a run has closed, been trained or been evaluated for a while, and says
 * how far each of its topics has come: the first that does not move is the one to look at. Says it
 * again after as long a while. Not thread-safe.
 */
public final class ProgressWatchdog {

  private final Duration patience;
  private final Supplier<List<TopicEnd>> ends;
  private @Nullable Progress last;
  private long sinceNanos;
  private int times;

  /**
   * How long a topic is, over all its partitions.
   *
   * @param written offset after the last record
   * @param committed offset up to which transactions are settled; what follows nobody reads
   */
  public record TopicEnd(String topic, long written, long committed) {

    @Override
    public String toString() {
      return written == committed
          ? "%s %,d".formatted(topic, written)
          : "%s %,d (%,d more in an open transaction)"
              .formatted(topic, committed, written - committed);
    }
  }

  private record Progress(long step, int groups, int evaluated) {}

  /**
   * @param patience how long nothing may happen
   * @param ends of the run's topics in the order of the flow; asked only at a standstill
   */
  public ProgressWatchdog(Duration patience, Supplier<List<TopicEnd>> ends) {
    this.patience = patience;
    this.ends = ends;
  }

  /**
   * What there is to say now.
   *
   * @param nowNanos of a clock like {@link System#nanoTime}
   */
  public Optional<String> look(RunStatistics figures, long nowNanos) {
    Progress now =
        new Progress(
            figures.step(),
            figures.groups().values().stream().mapToInt(Integer::intValue).sum(),
            figures.evaluatedGroups());
    if (!now.equals(last)) {
      last = now;
      sinceNanos = nowNanos;
      times = 0;
      return Optional.empty();
    }
    Duration still = Duration.ofNanos(nowNanos - sinceNanos);
    if (still.compareTo(patience.multipliedBy(times + 1L)) < 0) {
      return Optional.empty();
    }
    times++;
    return Optional.of(
        "nothing closed or trained for %d s; %s".formatted(still.toSeconds(), offsets()));
  }

  /** A log that does not answer is what there is to say, and no reason to give the run up. */
  private String offsets() {
    try {
      return "offsets on the log: "
          + ends.get().stream().map(TopicEnd::toString).collect(Collectors.joining(", "));
    } catch (BrokerUnreachableException | KafkaException e) {
      return "the log does not answer: " + e.getMessage();
    }
  }
}
