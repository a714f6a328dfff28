package io.urteil.cli.option;

import io.urteil.event.Namespace;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which log a command works on. */
public final class ClusterOptions {

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9092",
      description = "Kafka broker to connect to (default: ${DEFAULT-VALUE}).")
  private String bootstrap = "";

  @Mixin private TopicPrefix prefix = new TopicPrefix();

  @Mixin private KafkaPropertiesOption kafka = new KafkaPropertiesOption();

  /**
   * The namespace on that broker.
   *
   * @throws IllegalArgumentException when the Kafka properties cannot be used
   */
  public Namespace place(Path dataDirectory) {
    return new Namespace(bootstrap, prefix.text(), dataDirectory).with(kafka.properties());
  }

  /** The namespace on a broker that the command has started for itself, open on loopback. */
  Namespace ownPlace(String ownBootstrap, Path dataDirectory) {
    return new Namespace(ownBootstrap, prefix.text(), dataDirectory);
  }

  void refuseKafkaProperties() {
    kafka.refuseWithOwnBroker();
  }
}
