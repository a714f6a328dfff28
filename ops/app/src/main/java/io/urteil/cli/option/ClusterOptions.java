package io.urteil.cli.option;

import io.urteil.event.Namespace;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that select the Kafka cluster and the namespace of a command. */
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
   * The namespace on the selected cluster.
   *
   * @throws IllegalArgumentException if the Kafka properties are invalid
   */
  public Namespace namespace(Path dataDirectory) {
    return new Namespace(bootstrap, prefix.text(), dataDirectory).with(kafka.properties());
  }

  /** The namespace on a broker that this command started, which is open on loopback. */
  Namespace embeddedNamespace(String ownBootstrap, Path dataDirectory) {
    return new Namespace(ownBootstrap, prefix.text(), dataDirectory);
  }

  void rejectKafkaProperties() {
    kafka.rejectWithEmbeddedBroker();
  }
}
