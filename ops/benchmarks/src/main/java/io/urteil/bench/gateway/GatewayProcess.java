package io.urteil.bench.gateway;

import io.urteil.bench.UrteilProgram;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts gateways as processes of their own. */
final class GatewayProcess {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private GatewayProcess() {}

  /**
   * A gateway that is ready.
   *
   * @param more options
   */
  static JavaProcess start(Namespace namespace, int port, String name, List<String> more)
      throws IOException, InterruptedException {
    Path home = Files.createDirectories(namespace.dataDirectory().resolve(name));
    List<String> options =
        new ArrayList<>(
            List.of(
                "up",
                "--roles",
                "gateway",
                "--bootstrap",
                namespace.bootstrap(),
                "--http-port",
                "" + port,
                "--data-dir",
                home.toString()));
    if (!namespace.prefix().isEmpty()) {
      options.addAll(List.of("--prefix", namespace.prefix()));
    }
    options.addAll(more);
    JavaProcess process =
        JavaProcess.start(
            name,
            UrteilProgram.command(List.of("-Xmx512m"), options),
            UrteilProgram.environment(),
            home);
    boolean ready = false;
    try {
      process.awaitLine("gateway ready", START_LIMIT);
      ready = true;
      return process;
    } finally {
      if (!ready) {
        process.close();
      }
    }
  }
}
