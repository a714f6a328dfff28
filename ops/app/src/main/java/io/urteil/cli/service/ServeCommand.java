package io.urteil.cli.service;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.KafkaPropertiesOption;
import io.urteil.cli.option.KeysOption;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.ServersOption;
import io.urteil.cli.option.TopicPrefix;
import io.urteil.cli.option.TopicSettingsOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.Ports;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
import io.urteil.gateway.Gateway;
import io.urteil.gateway.GatewaySettings;
import io.urteil.gateway.http.ServedGateway;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import io.urteil.worker.JudgeWorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil serve}. */
@Command(
    name = "serve",
    description = {
      "Serves rewards over HTTP: judges, topology and gateway in one process, and a broker unless"
          + " --bootstrap names one.",
      "Publishes the run files. Groups that are open when it stops continue when it starts again"
          + " with the same --data-dir."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil serve ops/runs/gsm8k-answers.yaml",
      "  urteil serve my-judge.yaml --http-port 9000 --data-dir /var/lib/urteil",
      "  urteil serve my-judge.yaml --bootstrap kafka.example:9092 --prefix team-a.",
      "  urteil serve my-judge.yaml --http-host 0.0.0.0 --keys-file /run/secrets/keys.yaml"
    })
public final class ServeCommand extends UrteilSubcommand {

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Run files (YAML).")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Port of the gateway (default: ${DEFAULT-VALUE}).")
  private int httpPort;

  @Option(
      names = "--http-host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Interface of the gateway (default: ${DEFAULT-VALUE}).")
  private String httpHost = "";

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka broker to connect to (default: an embedded broker).")
  private @Nullable String bootstrap;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/serve",
      description = "Data directory; one for each process (default: ${DEFAULT-VALUE}).")
  private Path dataDirectory = Path.of("");

  @Option(
      names = "--replace",
      description =
          "Replace run files that are published under the same names; without it, another file of"
              + " the same name is rejected.")
  private boolean replace;

  @Mixin private TopicPrefix prefix = new TopicPrefix();

  @Mixin private KafkaPropertiesOption kafka = new KafkaPropertiesOption();

  @Mixin private TopicSettingsOption topics = new TopicSettingsOption();

  @Mixin private ServersOption servers = new ServersOption();

  @Mixin private KeysOption keys = new KeysOption();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    ProcessSettings settings = ProcessSettings.ofProcess();
    GatewaySettings limits = keys.applyTo(settings.gateway());
    GatewayAddress.require(httpHost, limits);
    List<RunFile> runs = new ArrayList<>();
    for (Path file : files) {
      runs.add(read(file));
    }
    NamedModels models = NamedModels.ofProcess(errors());
    runs.forEach(models::requireCached);
    Ports.requireFree(httpPort);
    Path home = dataDirectory.toAbsolutePath().normalize();
    LogOutput.toFile(home.resolve("urteil.log"), verbose());
    if (bootstrap != null) {
      return serve(
          runs,
          settings,
          limits,
          new Namespace(bootstrap, prefix.text(), home).with(kafka.properties()));
    }
    kafka.rejectWithEmbeddedBroker();
    try (EmbeddedKafka broker = EmbeddedKafka.start(home.resolve("broker"))) {
      return serve(runs, settings, limits, new Namespace(broker.bootstrap(), prefix.text(), home));
    }
  }

  private int serve(
      List<RunFile> runs, ProcessSettings settings, GatewaySettings limits, Namespace plain) {
    Namespace namespace = plain.with(topics.settings());
    TopicCreator.create(namespace).forEach(difference -> warn(difference.toString()));
    try (EventProducer producer = EventProducer.idempotent(namespace)) {
      for (RunFile run : runs) {
        if (replace) {
          publishOrReplace(producer, run);
        } else {
          RunRegistry.publish(producer, run);
        }
      }
    }
    JudgeWorkerSettings judges = servers.applyTo(settings.judge());
    Gateway gateway = new Gateway(namespace, limits);
    // Only this machine reaches an embedded broker, so run files are the user's own.
    List<ServiceComponent> components =
        List.of(
            new TopologyComponent(namespace, settings.topology()),
            new JudgeWorker(namespace, bootstrap == null ? judges.withAllUrls() : judges),
            gateway);
    ServedGateway.serve(gateway);
    HttpEndpoints.limitBodies(limits.maxBodyBytes());
    ServiceOptions service = ServiceOptions.of(httpHost, OptionalInt.of(httpPort));
    return new ServiceRunner(components)
        .run(service, output(), ServeGuide.text(httpHost, httpPort, limits.keys() != null, runs));
  }

  private static void publishOrReplace(EventProducer producer, RunFile run) {
    boolean published;
    try (RunRegistry registry = new RunRegistry(producer.namespace())) {
      published = registry.find(run.run()).isPresent();
    }
    if (published) {
      RunRegistry.replace(producer, run);
    } else {
      RunRegistry.publish(producer, run);
    }
  }

  private static RunFile read(Path file) throws IOException {
    try {
      RunFile run = RunFileReader.read(file.toString(), Files.readString(file));
      run.requirePlugins();
      return run;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "no file %s (expected: a run file, such as ops/runs/gsm8k-answers.yaml)".formatted(file),
          e);
    }
  }
}
