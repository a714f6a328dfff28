package io.urteil.cli.service;

import io.urteil.cli.option.ClusterOptions;
import io.urteil.cli.option.KeysOption;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.ServersOption;
import io.urteil.cli.option.TopicSettingsOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
import io.urteil.gateway.Gateway;
import io.urteil.gateway.GatewaySettings;
import io.urteil.gateway.http.ServedGateway;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.sampler.Sampler;
import io.urteil.topology.TopologyComponent;
import io.urteil.trainer.Trainer;
import io.urteil.worker.JudgeWorker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil up}. */
@Command(
    name = "up",
    description = {
      "Runs components of the service against a Kafka broker until it is stopped.",
      "A component may run in several processes: judges and samplers share the work."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil up --roles judge --bootstrap kafka.example:9092",
      "  urteil up --roles trainer --run my-judge --data-dir /var/lib/urteil",
      "  urteil up --run my-judge             # all components in one process"
    })
public final class UpCommand extends UrteilSubcommand {

  /** The components of the service. */
  public enum Role {
    GATEWAY,
    JUDGE,
    SAMPLER,
    TOPOLOGY,
    TRAINER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Set<Role> MODEL_ROLES = Set.of(Role.JUDGE, Role.SAMPLER, Role.TRAINER);

  @Option(
      names = "--roles",
      paramLabel = "ROLE",
      split = ",",
      description =
          "Components to run, separated by commas: ${COMPLETION-CANDIDATES} (default: all; the"
              + " gateway only with --http-port).")
  private List<Role> only = new ArrayList<>();

  @Option(
      names = "--run",
      paramLabel = "NAME",
      description = "Run that the trainer trains; the trainer waits until it is published.")
  private @Nullable String run;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/up",
      description = "Data directory; one for each process (default: ${DEFAULT-VALUE}).")
  private Path dataDirectory = Path.of("");

  @Option(
      names = "--model-root",
      paramLabel = "DIR",
      split = ",",
      defaultValue = ".",
      description =
          "Folders, separated by commas, in which run files and checkpoints may name models,"
              + " prompts and data, beside --data-dir (default: the working directory).")
  private List<Path> modelRoots = new ArrayList<>();

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Mixin private TopicSettingsOption topics = new TopicSettingsOption();

  @Mixin private ServersOption servers = new ServersOption();

  @Mixin private KeysOption keys = new KeysOption();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private ServiceOptions service = new ServiceOptions();

  @Override
  public Integer call() {
    plugins.apply();
    Set<Role> roles = roles();
    ProcessSettings settings = ProcessSettings.ofProcess().sharedBy(modelComponents(roles));
    GatewaySettings limits = keys.applyTo(settings.gateway());
    if (roles.contains(Role.GATEWAY)) {
      GatewayAddress.require(service.httpHost(), limits);
    }
    Path home = dataDirectory.toAbsolutePath().normalize();
    if (roles.contains(Role.TRAINER) && run == null) {
      throw new IllegalArgumentException(
          "--run: missing (expected: the name of the run that the trainer trains)");
    }
    LogOutput.toFile(home.resolve("urteil.log"), verbose());
    Namespace namespace =
        cluster.namespace(home).with(topics.settings()).withFilesBelow(modelRoots);
    TopicCreator.create(namespace).forEach(difference -> warn(difference.toString()));
    return new ServiceRunner(components(roles, namespace, settings, limits))
        .run(
            service,
            output(),
            "%s ready at %s, data in %s (Ctrl-C stops it)"
                .formatted(
                    String.join(", ", roles.stream().map(Role::toString).toList()),
                    namespace.bootstrap(),
                    home));
  }

  private Set<Role> roles() {
    Set<Role> roles = new TreeSet<>(only.isEmpty() ? List.of(Role.values()) : only);
    if (service.httpPort().isEmpty() && only.isEmpty()) {
      roles.remove(Role.GATEWAY);
    }
    if (roles.contains(Role.GATEWAY)) {
      if (service.httpPort().isEmpty()) {
        throw new IllegalArgumentException(
            "--http-port: missing (expected: the port of the gateway)");
      }
    }
    return roles;
  }

  private static int modelComponents(Set<Role> roles) {
    return (int) roles.stream().filter(MODEL_ROLES::contains).count();
  }

  private static Gateway gateway(Namespace namespace, GatewaySettings settings) {
    Gateway gateway = new Gateway(namespace, settings);
    ServedGateway.serve(gateway);
    HttpEndpoints.limitBodies(settings.maxBodyBytes());
    return gateway;
  }

  private List<ServiceComponent> components(
      Set<Role> roles, Namespace namespace, ProcessSettings settings, GatewaySettings limits) {
    List<ServiceComponent> components = new ArrayList<>();
    for (Role role : roles) {
      components.add(
          switch (role) {
            case GATEWAY -> gateway(namespace, limits);
            case JUDGE -> new JudgeWorker(namespace, servers.applyTo(settings.judge()));
            case SAMPLER -> new Sampler(namespace, settings.sampler());
            case TOPOLOGY -> new TopologyComponent(namespace, settings.topology());
            case TRAINER ->
                new Trainer(namespace, Objects.requireNonNull(run, "run"), settings.trainer());
          });
    }
    return components;
  }
}
