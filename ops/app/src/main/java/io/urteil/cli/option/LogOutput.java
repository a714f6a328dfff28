package io.urteil.cli.option;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.jboss.logmanager.handlers.SizeRotatingFileHandler;

/**
 * Configures logging while Quarkus is not running: warnings to standard error, and records from
 * level INFO to a file once a command has a data directory.
 */
public final class LogOutput {

  private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{2.}] (%t) %s%e%n";
  private static final long MAX_FILE_BYTES = 10L << 20;

  /** Kafka logs its complete configuration at INFO. */
  private static final Map<String, Level> CATEGORIES =
      Map.of(
          "kafka", Level.WARNING,
          "org.apache.kafka", Level.WARNING,
          "state.change.logger", Level.WARNING);

  private LogOutput() {}

  /** Logs to standard error: warnings, or with {@code verbose} records from level INFO. */
  public static void toConsole(boolean verbose) {
    set(List.of(console(verbose)));
  }

  /**
   * As {@link #toConsole}, and records from level INFO to {@code file}, which is rotated at 10 MB.
   */
  public static void toFile(Path file, boolean verbose) {
    Path absolute = file.toAbsolutePath().normalize();
    set(List.of(console(verbose), file(absolute)));
    // For Quarkus, which replaces these handlers when a service starts it.
    System.setProperty("quarkus.log.file.enabled", "true");
    System.setProperty("quarkus.log.file.path", absolute.toString());
  }

  /**
   * As {@link #toFile}, but without standard error unless {@code verbose}: for commands that redraw
   * the terminal and report errors themselves.
   */
  public static void toFileOnly(Path file, boolean verbose) {
    toFile(file, verbose);
    if (!verbose) {
      set(List.of(file(file.toAbsolutePath().normalize())));
    }
  }

  private static Handler file(Path absolute) {
    SizeRotatingFileHandler handler;
    try {
      Files.createDirectories(Objects.requireNonNull(absolute.getParent()));
      handler = new SizeRotatingFileHandler(absolute.toFile(), true);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "log file: " + absolute + " (expected: a writable file)", e);
    }
    handler.setRotateSize(MAX_FILE_BYTES);
    handler.setMaxBackupIndex(2);
    handler.setFormatter(new PatternFormatter(PATTERN));
    handler.setLevel(Level.INFO);
    return handler;
  }

  private static Handler console(boolean verbose) {
    ConsoleHandler handler =
        new ConsoleHandler(ConsoleHandler.Target.SYSTEM_ERR, new PatternFormatter(PATTERN));
    handler.setLevel(verbose ? Level.INFO : Level.WARNING);
    handler.setFilter(verbose ? null : new ConsoleFilter());
    return handler;
  }

  private static void set(List<Handler> handlers) {
    LogContext context = LogContext.getLogContext();
    context.getLogger("").setLevel(Level.INFO);
    CATEGORIES.forEach((name, level) -> context.getLogger(name).setLevel(level));
    List<Handler> all = new ArrayList<>(handlers);
    InitialConfigurator.DELAYED_HANDLER.setHandlers(all.toArray(Handler[]::new));
  }
}
