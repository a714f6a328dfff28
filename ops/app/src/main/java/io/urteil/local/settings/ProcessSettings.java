package io.urteil.local.settings;

import io.urteil.chat.server.JudgeServers;
import io.urteil.chat.server.JudgeServersReader;
import io.urteil.engine.Device;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.engine.ThreadSettings;
import io.urteil.gateway.GatewaySettings;
import io.urteil.gateway.tenant.TenantKeysFile;
import io.urteil.sampler.SamplerSettings;
import io.urteil.topology.TopologySettings;
import io.urteil.trainer.TrainerSettings;
import io.urteil.trainer.policy.ComputeSettings;
import io.urteil.worker.JudgeWorkerSettings;
import io.urteil.worker.WorkerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of all components of a process, under the keys of the service applications: system
 * properties such as {@code urteil.judge.poll.records}, and the corresponding environment
 * variables.
 *
 * @param runtime settings of all engines, those of judges and samplers included
 */
public record ProcessSettings(
    JudgeWorkerSettings judge,
    SamplerSettings sampler,
    TopologySettings topology,
    TrainerSettings trainer,
    GatewaySettings gateway,
    RuntimeSettings runtime) {

  private static final String PREFIX = "urteil.";

  /** Groups of keys. Only environment variables of these groups are checked for unknown names. */
  private static final List<String> GROUPS =
      List.of("judge", "sampler", "engine", "topology", "trainer", "gateway");

  /** Properties that the launcher sets for the benchmarks, which are not settings. */
  private static final List<String> LAUNCHER = List.of("urteil.application", "urteil.archive");

  /**
   * The settings of this process.
   *
   * @throws IllegalArgumentException naming every unknown or invalid setting
   */
  public static ProcessSettings ofProcess() {
    return read(System.getProperties(), System.getenv());
  }

  /**
   * The settings in these sources.
   *
   * @throws IllegalArgumentException naming every unknown or invalid setting
   */
  static ProcessSettings read(Properties properties, Map<String, String> environment) {
    Map<String, String> named = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PREFIX) && !LAUNCHER.contains(name) && !name.startsWith("urteil.test.")) {
        named.put(name, properties.getProperty(name));
      }
    }
    SettingsReader reader = new SettingsReader(named, environment);
    ProcessSettings settings = read(reader);
    problems.addAll(reader.problems());
    named.keySet().stream()
        .filter(key -> !reader.defaults().containsKey(key))
        .forEach(
            key -> problems.add(key + ": unknown (expected: a key of ops/docs/configuration.md)"));
    List<String> variables =
        reader.defaults().keySet().stream().map(SettingsReader::variable).toList();
    environment.keySet().stream()
        .filter(ProcessSettings::isSetting)
        .filter(name -> !variables.contains(name))
        .sorted()
        .forEach(
            name ->
                problems.add(name + ": unknown (expected: a key of ops/docs/configuration.md)"));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return settings;
  }

  /**
   * The same in a process with this number of components that run models: judge worker, sampler,
   * trainer. Their engines share its cores and its memory.
   */
  public ProcessSettings sharedBy(int components) {
    return new ProcessSettings(
        judge.sharedBy(components),
        sampler.sharedBy(components),
        topology,
        trainer,
        gateway,
        runtime.sharedBy(components));
  }

  private static boolean isSetting(String variable) {
    return GROUPS.stream()
        .anyMatch(group -> variable.startsWith(SettingsReader.variable(PREFIX + group + ".")));
  }

  /** Every key with its default as text. */
  public static Map<String, String> defaults() {
    SettingsReader reader = new SettingsReader(Map.of(), Map.of());
    read(reader);
    return new LinkedHashMap<>(reader.defaults());
  }

  private static ProcessSettings read(SettingsReader reader) {
    RuntimeSettings runtime = runtime(reader);
    return new ProcessSettings(
        judge(reader, runtime),
        new SamplerSettings(
            slots(reader, "urteil.sampler.model.", "128", "2048"),
            runtime,
            reader.number("urteil.sampler.prompts.unfinished-max", "1000", 1)),
        topology(reader),
        trainer(reader),
        gateway(reader),
        runtime);
  }

  private static JudgeWorkerSettings judge(SettingsReader reader, RuntimeSettings runtime) {
    return new JudgeWorkerSettings(
        reader.create(
            WorkerSettings.defaults(),
            () ->
                new WorkerSettings(
                    reader.duration("urteil.judge.lock.duration", "60s"),
                    reader.number("urteil.judge.lock.delivery-limit", "10", 2),
                    reader.number("urteil.judge.poll.records", "500", 1),
                    reader.number("urteil.judge.poll.groups", "32", 1),
                    reader.number("urteil.judge.call.tries", "4", 1),
                    reader.duration("urteil.judge.call.back-off", "100ms"),
                    reader.duration("urteil.judge.call.time-limit", "60s"))),
        slots(reader, "urteil.judge.model.", "64", "4096"),
        runtime,
        servers(reader));
  }

  private static JudgeServers servers(SettingsReader reader) {
    String file = reader.text("urteil.judge.servers-file", "none");
    return file.equals("none")
        ? JudgeServers.none()
        : reader.create(JudgeServers.none(), () -> JudgeServersReader.read(Path.of(file)));
  }

  private static GatewaySettings gateway(SettingsReader reader) {
    GatewaySettings defaults = GatewaySettings.defaults();
    GatewaySettings settings =
        reader.create(
            defaults,
            () ->
                new GatewaySettings(
                    reader.number("urteil.gateway.open.groups", "10000", 1),
                    reader.bytes("urteil.gateway.open.bytes", "256M"),
                    reader.bytes("urteil.gateway.outcomes.bytes", "64M"),
                    reader.duration("urteil.gateway.requests.memory", "1h"),
                    reader.duration("urteil.gateway.requests.take-over-after", "5s"),
                    reader.duration("urteil.gateway.hold.time", "30s"),
                    reader.duration("urteil.gateway.hold.longest", "10m"),
                    reader.bytes("urteil.gateway.body-limit", "64M"),
                    null));
    String file = reader.text("urteil.gateway.keys-file", "none");
    return file.equals("none")
        ? settings
        : reader.create(settings, () -> settings.withKeys(TenantKeysFile.open(Path.of(file))));
  }

  private static SlotSettings slots(
      SettingsReader reader, String prefix, String slots, String capacity) {
    return new SlotSettings(
        reader.number(prefix + "slots", slots, 1),
        reader.number(prefix + "slot-capacity", capacity, 2),
        reader.bytesOrAuto(prefix + "cache"));
  }

  private static RuntimeSettings runtime(SettingsReader reader) {
    String device = reader.text("urteil.engine.device", "cpu");
    String numbers = reader.text("urteil.engine.device-numbers", "auto");
    String cacheNumbers = reader.text(Device.CACHE_NUMBERS, "auto");
    return new RuntimeSettings(
        reader.bytes("urteil.engine.memory", "0"),
        reader.create(Device.CPU, () -> Device.parse(device, numbers, cacheNumbers)),
        reader.bytes("urteil.engine.device-memory", "0"),
        reader.number("urteil.engine.spin-micros", "0", 0),
        reader.flag("urteil.engine.fixed-shape", "false"),
        new ThreadSettings(reader.numberOrAuto("urteil.engine.threads", 1), 1));
  }

  private static TopologySettings topology(SettingsReader reader) {
    return reader.create(
        TopologySettings.defaults(),
        () ->
            new TopologySettings(
                reader.number("urteil.topology.streams.threads", "1", 1),
                reader.duration("urteil.topology.streams.commit-interval", "100ms"),
                reader.duration("urteil.topology.streams.session-timeout", "6s"),
                reader.duration("urteil.topology.groups.clock-interval", "100ms"),
                reader.duration("urteil.topology.groups.tombstone-retention", "24h")));
  }

  private static TrainerSettings trainer(SettingsReader reader) {
    return new TrainerSettings(
        new ComputeSettings(
            reader.number("urteil.trainer.compute.threads", "1", 1),
            reader.number("urteil.trainer.compute.micro-batch-tokens", "2048", 1)),
        reader.flag("urteil.trainer.measure-all", "false"));
  }
}
