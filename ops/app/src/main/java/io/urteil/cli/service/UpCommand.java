package io.urteil.cli.service;

import io.urteil.cli.option.ClusterOptions;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.TopicSettingsOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
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
      "Start as many processes of a part as you like: judges and samplers share the work."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil up --only judge --bootstrap kafka.example:9092",
      "  urteil up --only trainer --run my-judge --data-dir /var/lib/urteil",
      "  urteil up --run my-judge             # all parts in one process"
    })
public final class UpCommand extends UrteilSubcommand {

  /** The parts that can run by themselves. */
  public enum Role {
    JUDGE,
    SAMPLER,
    TOPOLOGY,
    TRAINER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description = "Which parts: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Role> only = new ArrayList<>(List.of(Role.values()));

  @Option(
      names = "--run",
      paramLabel = "NAME",
      description = "The run that the trainer trains; it waits until the run is published.")
  private @Nullable String run;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/up",
      description = "Where parts keep files; one a process (default: ${DEFAULT-VALUE}).")
  private Path dataDirectory = Path.of("");

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Mixin private TopicSettingsOption topics = new TopicSettingsOption();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private ServiceOptions service = new ServiceOptions();

  @Override
  public Integer call() {
    plugins.apply();
    Set<Role> roles = new TreeSet<>(only);
    Path home = dataDirectory.toAbsolutePath().normalize();
    if (roles.contains(Role.TRAINER) && run == null) {
      throw new IllegalArgumentException(
          "--run: missing (expected: the name of the run that the trainer trains)");
    }
    LogOutput.toFile(home.resolve("urteil.log"), verbose());
    Namespace place = cluster.place(home).with(topics.settings());
    TopicCreator.create(place).forEach(difference -> warn(difference.toString()));
    return new ServiceRunner(parts(roles, place))
        .run(
            service,
            output(),
            "%s ready at %s, data in %s (Ctrl-C stops it)"
                .formatted(
                    String.join(", ", roles.stream().map(Role::toString).toList()),
                    place.bootstrap(),
                    home));
  }

  private List<ServiceComponent> parts(Set<Role> roles, Namespace place) {
    ProcessSettings settings = ProcessSettings.ofProcess();
    List<ServiceComponent> parts = new ArrayList<>();
    for (Role role : roles) {
      parts.add(
          switch (role) {
            case JUDGE -> new JudgeWorker(place, settings.judge());
            case SAMPLER -> new Sampler(place, settings.sampler());
            case TOPOLOGY -> new TopologyComponent(place, settings.topology());
            case TRAINER ->
                new Trainer(place, Objects.requireNonNull(run, "run"), settings.trainer());
          });
    }
    return parts;
  }
}
