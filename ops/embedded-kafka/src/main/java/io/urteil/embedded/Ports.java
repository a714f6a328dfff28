package io.urteil.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback interface. */
public final class Ports {

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 100;

  private Ports() {}

  /**
   * A currently free port. Another process may bind it before the caller does. It is below the
   * ports of outgoing connections, so that no client gets the port of a broker that restarts.
   */
  public static int free() {
    IOException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
        return socket.getLocalPort();
      } catch (IOException e) {
        last = e;
      }
    }
    throw new EmbeddedKafkaException("no free port (expected: one on 127.0.0.1)", last);
  }

  /**
   * Checks that {@code port} is free.
   *
   * @throws EmbeddedKafkaException naming the port
   */
  public static void requireFree(int port) {
    if (port < 1 || port > 65_535) {
      throw new EmbeddedKafkaException("port: " + port + " (expected: 1 to 65535)", null);
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          "port: "
              + port
              + " (expected: a free port on 127.0.0.1; another process listens there or the port is"
              + " reserved)",
          e);
    }
  }
}
