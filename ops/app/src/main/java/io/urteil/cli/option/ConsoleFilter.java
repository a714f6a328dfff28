package io.urteil.cli.option;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Drops Kafka's warnings from the console: a client without a broker repeats them several times a
 * second. Errors pass, and the log file receives everything.
 */
@LoggingFilter(name = "console")
public final class ConsoleFilter implements Filter {

  @Override
  public boolean isLoggable(LogRecord record) {
    return record.getLevel().intValue() >= Level.SEVERE.intValue()
        || !isKafka(record.getLoggerName());
  }

  private static boolean isKafka(@Nullable String logger) {
    return logger != null
        && (logger.startsWith("org.apache.kafka.") || logger.startsWith("kafka."));
  }
}
