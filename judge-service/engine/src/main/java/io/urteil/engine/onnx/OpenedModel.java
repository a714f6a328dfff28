package io.urteil.engine.onnx;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.runtime.CacheDecision;
import io.urteil.engine.runtime.MemoryRequirement;
import io.urteil.file.HubCache;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** The log line of a model that was opened: its sizes, each with what decided it. */
final class OpenedModel {

  private static final double MIB = 1 << 20;

  private OpenedModel() {}

  /** The line, which the caller completes with its message. */
  static LoggingEventBuilder line(
      Logger logger,
      Path directory,
      EngineSettings settings,
      MemoryRequirement need,
      CacheDecision cache,
      Duration took) {
    EngineSettings.Reasons reasons = settings.reasons();
    return logger
        .atInfo()
        .addKeyValue("model", HubCache.displayName(directory.toAbsolutePath().normalize()))
        .addKeyValue("weights", settings.weights().name().toLowerCase(Locale.ROOT))
        .addKeyValue("weightsMiB", mib(need.weights()))
        .addKeyValue("slots", because(settings.slots(), reasons.slots()))
        .addKeyValue("slotCapacity", because(settings.slotCapacity(), reasons.slotCapacity()))
        .addKeyValue("cacheMiB", because(mib(cache.bytes()), cache.reason()))
        .addKeyValue(
            "cacheNumbers", settings.device().cacheNumbers().name().toLowerCase(Locale.ROOT))
        .addKeyValue("threads", because(settings.threads(), reasons.threads()))
        .addKeyValue("millis", took.toMillis());
  }

  private static String because(Object value, String reason) {
    return value + " (" + reason + ")";
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / MIB);
  }
}
