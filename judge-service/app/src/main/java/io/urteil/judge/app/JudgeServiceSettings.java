package io.urteil.judge.app;

import io.urteil.chat.server.JudgeServers;
import io.urteil.chat.server.JudgeServersReader;
import io.urteil.engine.Device;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.sampler.SamplerSettings;
import io.urteil.worker.JudgeWorkerSettings;
import io.urteil.worker.WorkerSettings;
import java.nio.file.Path;

/** Converts the configuration to the settings of the components. */
final class JudgeServiceSettings {

  private JudgeServiceSettings() {}

  static JudgeWorkerSettings judge(JudgeConfig config, EngineConfig engine) {
    return new JudgeWorkerSettings(
        new WorkerSettings(
            config.lock().duration(),
            config.lock().deliveryLimit(),
            config.poll().records(),
            config.poll().groups(),
            config.call().tries(),
            config.call().backOff(),
            config.call().timeLimit()),
        new SlotSettings(
            config.model().slots(),
            config.model().slotCapacity(),
            config.model().cache().asLongValue()),
        runtime(engine),
        servers(config.serversFile()));
  }

  private static JudgeServers servers(String file) {
    return file.equals(JudgeConfig.NO_FILE)
        ? JudgeServers.none()
        : JudgeServersReader.read(Path.of(file));
  }

  static SamplerSettings sampler(SamplerConfig config, EngineConfig engine) {
    return new SamplerSettings(
        new SlotSettings(
            config.model().slots(),
            config.model().slotCapacity(),
            config.model().cache().asLongValue()),
        runtime(engine),
        config.prompts().unfinishedMax());
  }

  private static RuntimeSettings runtime(EngineConfig config) {
    return new RuntimeSettings(
        config.memory().asLongValue(),
        Device.parse(config.device(), config.deviceNumbers()),
        config.deviceMemory().asLongValue(),
        config.spinMicros(),
        config.fixedShape());
  }
}
