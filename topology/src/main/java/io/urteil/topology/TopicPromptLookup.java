package io.urteil.topology;

import io.urteil.event.EventLog;
import io.urteil.event.LoggedEvent;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.RecordReader;
import io.urteil.kafka.BrokerUnreachableException;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads prompts with one seek each, which suffices because refills are rare. The consumer is
 * created on the first call. Thread-safe by locking.
 */
final class TopicPromptLookup implements PromptLookup, AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final EventLog log;
  private @Nullable RecordReader reader;

  TopicPromptLookup(EventLog log) {
    this.log = log;
  }

  @Override
  public synchronized Optional<Prompt> find(RecordPosition position) {
    try {
      return reader()
          .read(position)
          .flatMap(record -> log.event(record, Prompt.class))
          .map(LoggedEvent::event);
    } catch (BrokerUnreachableException e) {
      throw new TimeoutException(e.getMessage(), e);
    }
  }

  private RecordReader reader() {
    if (reader == null) {
      reader = log.recordReader(TIMEOUT);
    }
    return reader;
  }

  @Override
  public synchronized void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
