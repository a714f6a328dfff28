package io.urteil.cli.service;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that run until they are stopped. */
final class ServiceOptions {

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description = "Serve /q/health and /q/metrics on this port (default: no HTTP).")
  private @Nullable Integer httpPort;

  @Option(
      names = "--http-host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Interface for --http-port (default: ${DEFAULT-VALUE}).")
  private String httpHost = "";

  /** Options that were not given on the command line. */
  static ServiceOptions of(String host, OptionalInt port) {
    ServiceOptions options = new ServiceOptions();
    options.httpHost = host;
    options.httpPort = port.isPresent() ? (Integer) port.getAsInt() : null;
    return options;
  }

  OptionalInt httpPort() {
    return httpPort == null ? OptionalInt.empty() : OptionalInt.of(httpPort);
  }

  String httpHost() {
    return httpHost;
  }
}
