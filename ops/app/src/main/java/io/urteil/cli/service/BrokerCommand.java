package io.urteil.cli.service;

import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.UrteilSubcommand;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil broker}. */
@Command(
    name = "broker",
    description = {
      "Runs a single Kafka broker on 127.0.0.1 until it is stopped.",
      "Prints one line when clients can connect. The data survives kill -9."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil broker",
      "  urteil broker --port 19092 --data-dir /var/tmp/urteil-broker",
      "  urteil broker --http-port 8080 & curl 127.0.0.1:8080/q/health"
    })
public final class BrokerCommand extends UrteilSubcommand {

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Port for Kafka clients (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/broker",
      description = "Data directory of the broker (default: ${DEFAULT-VALUE}).")
  private Path dataDirectory = Path.of("");

  @Mixin private ServiceOptions service = new ServiceOptions();

  @Override
  public Integer call() {
    LogOutput.toFile(dataDirectory.resolve("broker.log"), verbose());
    BrokerComponent broker = new BrokerComponent(dataDirectory, port);
    return new ServiceRunner(List.of(broker))
        .run(
            service,
            output(),
            "broker ready at 127.0.0.1:%d, data in %s (Ctrl-C stops it)"
                .formatted(port, dataDirectory.toAbsolutePath().normalize()));
  }
}
