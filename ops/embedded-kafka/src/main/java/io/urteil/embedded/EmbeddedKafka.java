package io.urteil.embedded;

import java.net.BindException;
import java.nio.file.Path;
import java.util.Arrays;
import kafka.server.KafkaConfig;
import org.jspecify.annotations.Nullable;

/**
 * A single-node KRaft broker in this JVM, on 127.0.0.1 only. Its data is in one directory and
 * survives {@link #close()} and kill -9: a later broker on the same directory has every
 * acknowledged record. Supports share groups, transactions, and records of up to 8 MB.
 *
 * <p>Starting takes about two seconds and blocks the caller. Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {

  private static final int ATTEMPTS = 3;

  private final SingleNode server;
  private final BrokerDirectory directory;
  private final String bootstrap;

  private EmbeddedKafka(SingleNode server, BrokerDirectory directory, int port) {
    this.server = server;
    this.directory = directory;
    this.bootstrap = "127.0.0.1:" + port;
  }

  /** Starts a broker on a free port. */
  public static EmbeddedKafka start(Path directory) {
    return start(directory, BrokerSecurity.NONE);
  }

  /** Starts a broker with security settings on a free port. */
  public static EmbeddedKafka start(Path directory, BrokerSecurity security) {
    for (int attempt = 1; ; attempt++) {
      try {
        return start(directory, Ports.free(), security);
      } catch (EmbeddedKafkaException e) {
        // Another process may take the free port before the broker binds it.
        if (attempt == ATTEMPTS || !lostPort(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * Starts a broker.
   *
   * @throws EmbeddedKafkaException if the port is in use, another broker uses the directory, or the
   *     directory is not writable
   */
  public static EmbeddedKafka start(Path directory, int port) {
    return start(directory, port, BrokerSecurity.NONE);
  }

  private static EmbeddedKafka start(Path directory, int port, BrokerSecurity security) {
    Ports.requireFree(port);
    Path absolute = directory.toAbsolutePath().normalize();
    BrokerDirectory locked = BrokerDirectory.open(absolute, security);
    SingleNode server = null;
    try {
      int controllerPort = freePortExcept(port);
      server =
          new SingleNode(
              new KafkaConfig(
                  BrokerSettings.of(
                      absolute,
                      port,
                      controllerPort,
                      freePortExcept(port, controllerPort),
                      security),
                  false),
              controllerPort);
      server.start();
      return new EmbeddedKafka(server, locked, port);
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      stop(server);
      locked.close();
      throw new EmbeddedKafkaException(
          "cannot start a broker at 127.0.0.1:"
              + port
              + " with data in "
              + absolute
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** The value of {@code bootstrap.servers} for clients. */
  public String bootstrap() {
    return bootstrap;
  }

  /** Stops the broker and releases its directory; a second call does nothing. */
  @Override
  public void close() {
    stop(server);
    directory.close();
  }

  /** Runs a broker until the process ends: {@code EmbeddedKafka DIRECTORY PORT}. */
  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length != 2) {
      System.err.println("arguments: " + arguments.length + " (expected: DIRECTORY PORT)");
      System.exit(2);
    }
    try {
      EmbeddedKafka kafka = start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
      Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop-embedded-kafka"));
      System.out.println("READY " + kafka.bootstrap());
    } catch (EmbeddedKafkaException | NumberFormatException e) {
      System.err.println(e.getMessage());
      System.exit(3);
    }
    Thread.currentThread().join();
  }

  private static int freePortExcept(int... excluded) {
    int candidate = Ports.free();
    while (contains(excluded, candidate)) {
      candidate = Ports.free();
    }
    return candidate;
  }

  private static boolean contains(int[] ports, int port) {
    return Arrays.stream(ports).anyMatch(one -> one == port);
  }

  private static void stop(@Nullable SingleNode server) {
    if (server != null) {
      server.stop();
    }
  }

  private static boolean lostPort(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }
}
