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
 * Detects a stalled run: no group closed, trained or evaluated within a time limit. Reports the end
 * offsets of the run's topics, so that an operator can find the first topic without progress, and
 * repeats the report after each further time limit. Not thread-safe.
 */
public final class ProgressWatchdog {

  private final Duration limit;
  private final Supplier<List<TopicEnd>> ends;
  private @Nullable Progress last;
  private long sinceNanos;
  private int reports;

  /**
   * End offsets of a topic, summed over its partitions.
   *
   * @param written log end offset
   * @param committed last stable offset; read-committed consumers do not read beyond it
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
   * @param limit time without progress after which a run counts as stalled
   * @param ends supplies the ends of the run's topics in the order of the flow; called only for a
   *     stalled run
   */
  public ProgressWatchdog(Duration limit, Supplier<List<TopicEnd>> ends) {
    this.limit = limit;
    this.ends = ends;
  }

  /**
   * Checks for progress since the last call.
   *
   * @param nowNanos the time of a clock such as {@link System#nanoTime}
   * @return the report of a stalled run; empty if there is progress or the report is not due
   */
  public Optional<String> check(RunStatistics figures, long nowNanos) {
    Progress now =
        new Progress(
            figures.step(),
            figures.groups().values().stream().mapToInt(Integer::intValue).sum(),
            figures.evaluatedGroups());
    if (!now.equals(last)) {
      last = now;
      sinceNanos = nowNanos;
      reports = 0;
      return Optional.empty();
    }
    Duration stalled = Duration.ofNanos(nowNanos - sinceNanos);
    if (stalled.compareTo(limit.multipliedBy(reports + 1L)) < 0) {
      return Optional.empty();
    }
    reports++;
    return Optional.of("no progress for %d s; %s".formatted(stalled.toSeconds(), offsets()));
  }

  /** An unreachable broker is reported; the run continues. */
  private String offsets() {
    try {
      return "topic offsets: "
          + ends.get().stream().map(TopicEnd::toString).collect(Collectors.joining(", "));
    } catch (BrokerUnreachableException | KafkaException e) {
      return "broker unreachable: " + e.getMessage();
    }
  }
}
