package io.urteil.judge.app;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.urteil.chat.server.JudgeServers;
import io.urteil.chat.server.JudgeServersReader;
import io.urteil.engine.Device;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.engine.ThreadSettings;
import io.urteil.sampler.SamplerSettings;
import io.urteil.worker.JudgeWorkerSettings;
import io.urteil.worker.WorkerSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Converts the configuration to the settings of the components. */
final class JudgeServiceSettings {

  private static final String AUTO = "auto";

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
            bytes("urteil.judge.model.cache", config.model().cache())),
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
            bytes("urteil.sampler.model.cache", config.model().cache())),
        runtime(engine),
        config.prompts().unfinishedMax());
  }

  private static RuntimeSettings runtime(EngineConfig config) {
    return new RuntimeSettings(
        config.memory().asLongValue(),
        Device.parse(config.device(), config.deviceNumbers(), config.cacheNumbers()),
        config.deviceMemory().asLongValue(),
        config.spinMicros(),
        config.fixedShape(),
        new ThreadSettings(threads(config.threads()), 1));
  }

  private static int threads(String text) {
    if (text.equals(AUTO)) {
      return ThreadSettings.AUTO;
    }
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException(
          "urteil.engine.threads: '%s' (expected: auto, or a whole number >= 1)".formatted(text));
    }
    return Integer.parseInt(text);
  }

  private static long bytes(String key, String text) {
    if (text.equals(AUTO)) {
      return EngineSettings.AUTO;
    }
    try {
      MemorySize size = new MemorySizeConverter().convert(text);
      if (size.asLongValue() > 0) {
        return size.asLongValue();
      }
    } catch (IllegalArgumentException e) {
      throw unreadable(key, text, e);
    }
    throw unreadable(key, text, null);
  }

  private static IllegalArgumentException unreadable(
      String key, String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "%s: '%s' (expected: auto, or a size such as 512M or 8G)".formatted(key, text), cause);
  }
}
