package io.urteil.cli.judging;

import io.urteil.cli.option.KafkaPropertiesOption;
import io.urteil.cli.option.ServersOption;
import io.urteil.cli.option.ThreadsOption;
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
import io.urteil.worker.JudgeWorkerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options that choose the cluster: an existing one with running judges and topology, or a broker
 * embedded for this command, with topology and judges in this process.
 */
final class ClusterChoice {

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description =
          "Use the judges and topology that run against this broker (default: an embedded broker).")
  private @Nullable String bootstrap;

  @Mixin private TopicPrefix prefix = new TopicPrefix();

  @Mixin private KafkaPropertiesOption kafka = new KafkaPropertiesOption();

  @Mixin private ServersOption servers = new ServersOption();

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Mixin private TopicSettingsOption topics = new TopicSettingsOption();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/${COMMAND-NAME}",
      description = "Data directory of the embedded broker (default: ${DEFAULT-VALUE}).")
  private Path dataDirectory = Path.of("");

  /** The data directory, absolute. */
  Path home() {
    return dataDirectory.toAbsolutePath().normalize();
  }

  /** Whether judges run in this process. */
  boolean isEmbedded() {
    return bootstrap == null;
  }

  /**
   * Connects to the cluster, creates missing topics, and starts the components of an embedded
   * cluster.
   */
  Open open() {
    return new Open(this);
  }

  /**
   * A cluster in use. Closing it stops the components and the broker of this command; an existing
   * cluster is not affected.
   */
  static final class Open implements AutoCloseable {

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<ServiceComponent> components = new ArrayList<>();
    private final Namespace namespace;

    private Open(ClusterChoice choice) {
      try {
        namespace = namespace(choice);
        TopicCreator.create(namespace);
        if (choice.bootstrap == null) {
          ProcessSettings settings = ProcessSettings.ofProcess();
          start(new TopologyComponent(namespace, settings.topology()));
          // Only this machine reaches the embedded broker, so run files are the user's own.
          JudgeWorkerSettings judges =
              choice.threads.applyTo(choice.servers.applyTo(settings.judge())).withAllUrls();
          start(new JudgeWorker(namespace, judges));
        }
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    private Namespace namespace(ClusterChoice choice) {
      TopicSettings topics = choice.topics.settings();
      String prefix = choice.prefix.text();
      Path home = choice.home();
      if (choice.bootstrap != null) {
        return new Namespace(choice.bootstrap, prefix, home)
            .with(choice.kafka.properties())
            .with(topics);
      }
      choice.kafka.rejectWithEmbeddedBroker();
      return new Namespace(ownBroker(home), prefix, home).with(topics);
    }

    private String ownBroker(Path home) {
      EmbeddedKafka broker = EmbeddedKafka.start(home.resolve("broker"));
      opened.add(broker);
      return broker.bootstrap();
    }

    private void start(ServiceComponent component) {
      opened.add(component);
      components.add(component);
      component.start();
    }

    Namespace namespace() {
      return namespace;
    }

    /**
     * The error of the first failed component that this command started; empty while all of them
     * run.
     */
    Optional<Throwable> failure() {
      return ServiceComponent.firstFailed(components);
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
