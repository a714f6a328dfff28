package io.urteil.cli.judging;

import io.urteil.cli.option.KafkaPropertiesOption;
import io.urteil.cli.option.TopicPrefix;
import io.urteil.cli.option.TopicSettingsOption;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
import io.urteil.event.TopicSettings;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * On which log a command has its work judged: that of a running service, or one of its own, for
 * which it brings broker, topology and judges.
 */
final class ClusterChoice {

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Use the judges and topology that run against this broker.")
  private @Nullable String bootstrap;

  @Mixin private TopicPrefix prefix = new TopicPrefix();

  @Mixin private KafkaPropertiesOption kafka = new KafkaPropertiesOption();

  @Mixin private TopicSettingsOption topics = new TopicSettingsOption();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/${COMMAND-NAME}",
      description = "Where the broker of its own keeps the log (default: ${DEFAULT-VALUE}).")
  private Path dataDirectory = Path.of("");

  /** The data directory, absolute. */
  Path home() {
    return dataDirectory.toAbsolutePath().normalize();
  }

  /** The log with its topics there, and what judges on it running. */
  Open open() {
    return new Open(this);
  }

  /** An open log; closing it stops what this command started, and nothing of a running service. */
  static final class Open implements AutoCloseable {

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<ServiceComponent> parts = new ArrayList<>();
    private final Namespace place;

    private Open(ClusterChoice choice) {
      try {
        place = place(choice);
        TopicCreator.create(place);
        if (choice.bootstrap == null) {
          ProcessSettings settings = ProcessSettings.ofProcess();
          start(new TopologyComponent(place, settings.topology()));
          start(new JudgeWorker(place, settings.judge()));
        }
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    private Namespace place(ClusterChoice choice) {
      TopicSettings topics = choice.topics.settings();
      String prefix = choice.prefix.text();
      Path home = choice.home();
      if (choice.bootstrap != null) {
        return new Namespace(choice.bootstrap, prefix, home)
            .with(choice.kafka.properties())
            .with(topics);
      }
      choice.kafka.refuseWithOwnBroker();
      return new Namespace(ownBroker(home), prefix, home).with(topics);
    }

    private String ownBroker(Path home) {
      EmbeddedKafka broker = EmbeddedKafka.start(home.resolve("broker"));
      opened.add(broker);
      return broker.bootstrap();
    }

    private void start(ServiceComponent part) {
      opened.add(part);
      parts.add(part);
      part.start();
    }

    Namespace place() {
      return place;
    }

    /** What stopped a part that this command started; empty while all of them run. */
    Optional<Throwable> broken() {
      return ServiceComponent.firstBroken(parts);
    }

    @Override
    public void close() {
      for (AutoCloseable resource : opened.reversed()) {
        try {
          resource.close();
        } catch (Exception e) {
          throw new IllegalStateException("closing " + resource, e);
        }
      }
    }
  }
}
