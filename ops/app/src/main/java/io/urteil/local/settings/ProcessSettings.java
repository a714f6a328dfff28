package io.urteil.local.settings;

import io.urteil.engine.Device;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.sampler.SamplerSettings;
import io.urteil.topology.TopologySettings;
import io.urteil.trainer.TrainerSettings;
import io.urteil.trainer.policy.ComputeSettings;
import io.urteil.worker.JudgeWorkerSettings;
import io.urteil.worker.WorkerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of all components of a process, with the keys of the service applications: system
 * properties such as {@code urteil.judge.poll.records}, and the environment variables of these
 * keys.
 *
 * @param runtime of every engine, that of judges and samplers included
 */
public record ProcessSettings(
    JudgeWorkerSettings judge,
    SamplerSettings sampler,
    TopologySettings topology,
    TrainerSettings trainer,
    RuntimeSettings runtime) {

  private static final String PREFIX = "urteil.";

  /** Groups of keys; the environment is searched for unknown variables of these alone. */
  private static final List<String> GROUPS =
      List.of("judge", "sampler", "engine", "topology", "trainer");

  /** Properties that are no settings: the launcher gives them to the benchmarks. */
  private static final List<String> LAUNCHER = List.of("urteil.application", "urteil.archive");

  /**
   * What keys were called before they were nested, and the unit that was part of the name. They go
   * on working as system properties.
   */
  private static final Map<String, Former> FORMER =
      Map.ofEntries(
          Map.entry("urteil.judge.lock-millis", new Former("urteil.judge.lock.duration", "ms")),
          Map.entry(
              "urteil.judge.delivery-limit", new Former("urteil.judge.lock.delivery-limit", "")),
          Map.entry("urteil.judge.poll-records", new Former("urteil.judge.poll.records", "")),
          Map.entry("urteil.judge.poll-groups", new Former("urteil.judge.poll.groups", "")),
          Map.entry("urteil.judge.tries", new Former("urteil.judge.call.tries", "")),
          Map.entry("urteil.judge.back-off-millis", new Former("urteil.judge.call.back-off", "ms")),
          Map.entry(
              "urteil.judge.time-limit-millis", new Former("urteil.judge.call.time-limit", "ms")),
          Map.entry("urteil.judge.slots", new Former("urteil.judge.model.slots", "")),
          Map.entry(
              "urteil.judge.slot-capacity", new Former("urteil.judge.model.slot-capacity", "")),
          Map.entry("urteil.judge.cache-mib", new Former("urteil.judge.model.cache", "M")),
          Map.entry("urteil.sampler.slots", new Former("urteil.sampler.model.slots", "")),
          Map.entry(
              "urteil.sampler.slot-capacity", new Former("urteil.sampler.model.slot-capacity", "")),
          Map.entry("urteil.sampler.cache-mib", new Former("urteil.sampler.model.cache", "M")),
          Map.entry(
              "urteil.sampler.unfinished-max",
              new Former("urteil.sampler.prompts.unfinished-max", "")),
          Map.entry("urteil.engine.memory-mib", new Former("urteil.engine.memory", "M")),
          Map.entry(
              "urteil.engine.device-memory-mib", new Former("urteil.engine.device-memory", "M")),
          Map.entry(
              "urteil.topology.commit-interval",
              new Former("urteil.topology.streams.commit-interval", "ms")),
          Map.entry("urteil.topology.threads", new Former("urteil.topology.streams.threads", "")),
          Map.entry(
              "urteil.topology.session-timeout",
              new Former("urteil.topology.streams.session-timeout", "ms")),
          Map.entry(
              "urteil.topology.clock-interval",
              new Former("urteil.topology.groups.clock-interval", "ms")),
          Map.entry(
              "urteil.topology.tombstone-retention",
              new Former("urteil.topology.groups.tombstone-retention", "ms")));

  /**
   * A key's present name.
   *
   * @param unit put behind the value
   */
  private record Former(String key, String unit) {}

  /**
   * The settings of this process.
   *
   * @throws IllegalArgumentException naming every setting that is unknown or impossible
   */
  public static ProcessSettings ofProcess() {
    return read(System.getProperties(), System.getenv());
  }

  /**
   * The settings in these sources.
   *
   * @throws IllegalArgumentException naming every setting that is unknown or impossible
   */
  static ProcessSettings read(Properties properties, Map<String, String> environment) {
    Map<String, String> named = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PREFIX) && !LAUNCHER.contains(name) && !name.startsWith("urteil.test.")) {
        String value = properties.getProperty(name);
        Former former = FORMER.get(name);
        String key = former == null ? name : former.key();
        if (named.put(key, former == null ? value : value.strip() + former.unit()) != null) {
          problems.add("%s: also set by its former name".formatted(key));
        }
      }
    }
    SettingsReader reader = new SettingsReader(named, environment);
    ProcessSettings settings = read(reader);
    problems.addAll(reader.problems());
    named.keySet().stream()
        .filter(key -> !reader.defaults().containsKey(key))
        .forEach(key -> problems.add(key + ": unknown (expected: a key of configuration.md)"));
    List<String> variables =
        reader.defaults().keySet().stream().map(SettingsReader::variable).toList();
    environment.keySet().stream()
        .filter(ProcessSettings::isSetting)
        .filter(name -> !variables.contains(name))
        .sorted()
        .forEach(name -> problems.add(name + ": unknown (expected: a key of configuration.md)"));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return settings;
  }

  private static boolean isSetting(String variable) {
    return GROUPS.stream()
        .anyMatch(group -> variable.startsWith(SettingsReader.variable(PREFIX + group + ".")));
  }

  /** Every key with its default, as a value is written. */
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
        runtime);
  }

  private static JudgeWorkerSettings judge(SettingsReader reader, RuntimeSettings runtime) {
    return new JudgeWorkerSettings(
        reader.made(
            WorkerSettings.defaults(),
            () ->
                new WorkerSettings(
                    reader.duration("urteil.judge.lock.duration", "60s"),
                    reader.number("urteil.judge.lock.delivery-limit", "5", 2),
                    reader.number("urteil.judge.poll.records", "500", 1),
                    reader.number("urteil.judge.poll.groups", "32", 1),
                    reader.number("urteil.judge.call.tries", "4", 1),
                    reader.duration("urteil.judge.call.back-off", "100ms"),
                    reader.duration("urteil.judge.call.time-limit", "60s"))),
        slots(reader, "urteil.judge.model.", "64", "4096"),
        runtime);
  }

  private static SlotSettings slots(
      SettingsReader reader, String prefix, String slots, String capacity) {
    return new SlotSettings(
        reader.number(prefix + "slots", slots, 1),
        reader.number(prefix + "slot-capacity", capacity, 2),
        reader.bytes(prefix + "cache", "512M"));
  }

  private static RuntimeSettings runtime(SettingsReader reader) {
    String device = reader.text("urteil.engine.device", "cpu");
    String numbers = reader.text("urteil.engine.device-numbers", "auto");
    return new RuntimeSettings(
        reader.bytes("urteil.engine.memory", "0"),
        reader.made(Device.CPU, () -> Device.parse(device, numbers)),
        reader.bytes("urteil.engine.device-memory", "0"),
        reader.number("urteil.engine.spin-micros", "0", 0),
        reader.flag("urteil.engine.fixed-shape", "false"));
  }

  private static TopologySettings topology(SettingsReader reader) {
    return reader.made(
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
