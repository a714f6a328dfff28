package io.urteil.cli.service;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.ServiceComponent;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The embedded broker as a service component. */
final class BrokerComponent implements ServiceComponent {

  private final Path directory;
  private final int port;
  private @Nullable EmbeddedKafka broker;

  BrokerComponent(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  @Override
  public String name() {
    return "broker";
  }

  @Override
  public void start() {
    broker = EmbeddedKafka.start(directory, port);
  }

  @Override
  public Health health() {
    return new Health.Running();
  }

  @Override
  public void close() {
    if (broker != null) {
      broker.close();
    }
  }
}
