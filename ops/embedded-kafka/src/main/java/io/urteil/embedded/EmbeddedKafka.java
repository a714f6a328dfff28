package io.urteil.embedded;

import java.net.BindException;
import java.nio.file.Path;
import java.util.Arrays;
import kafka.server.KafkaConfig;
import org.jspecify.annotations.Nullable;

/**
 * A single-node KRaft broker in this JVM, on 127.0.0.1 only. Its data lies in one directory and
 * survives both {@link #close()} and kill -9: a broker started later on the same directory has
 * every acknowledged record. Share groups and transactions work; records may have up to 8 MB.
 *
 * <p>Starting takes about two seconds and blocks the caller. All methods may be called from any
 * thread.
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

  /** Starts a broker with these listeners and users on a free port. */
  public static EmbeddedKafka start(Path directory, BrokerSecurity security) {
    for (int attempt = 1; ; attempt++) {
      try {
        return start(directory, Ports.free(), security);
      } catch (EmbeddedKafkaException e) {
        // Another process may take the free port before the broker binds it.
        if (attempt == ATTEMPTS || !lostItsPort(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * Starts a broker.
   *
   * @throws EmbeddedKafkaException if the port is in use, another broker runs on the directory, or
   *     the directory cannot be written
   */
  public static EmbeddedKafka start(Path directory, int port) {
    return start(directory, port, BrokerSecurity.NONE);
  }

  private static EmbeddedKafka start(Path directory, int port, BrokerSecurity security) {
    Ports.requireFree(port);
    Path absolute = directory.toAbsolutePath().normalize();
    BrokerDirectory opened = BrokerDirectory.open(absolute, security);
    SingleNode server = null;
    try {
      int controllerPort = otherPort(port);
      server =
          new SingleNode(
              new KafkaConfig(
                  BrokerSettings.of(
                      absolute, port, controllerPort, otherPort(port, controllerPort), security),
                  false),
              controllerPort);
      server.start();
      return new EmbeddedKafka(server, opened, port);
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      stop(server);
      opened.close();
      throw new EmbeddedKafkaException(
          "no broker at 127.0.0.1:" + port + " with data in " + absolute + ": " + e.getMessage(),
          e);
    }
  }

  /** The address for {@code bootstrap.servers}. */
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

  private static int otherPort(int... taken) {
    int candidate = Ports.free();
    while (contains(taken, candidate)) {
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

  private static boolean lostItsPort(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }
}
