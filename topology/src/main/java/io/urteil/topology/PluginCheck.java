package io.urteil.topology;

import io.urteil.event.Purpose;
import io.urteil.run.RunFile;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hides runs whose plug-ins are not installed in this process: their records become dead letters,
 * which can be redriven once the plug-ins are. Thread-safe.
 */
final class PluginCheck implements RunLookup {

  private static final Logger LOGGER = LoggerFactory.getLogger(PluginCheck.class);

  private final RunLookup runs;
  private final Map<String, Boolean> usableByHash = new ConcurrentHashMap<>();

  PluginCheck(RunLookup runs) {
    this.runs = runs;
  }

  @Override
  public Optional<RunFile> find(String runId, Purpose purpose, long ordinal) {
    return runs.find(runId, purpose, ordinal)
        .filter(run -> usableByHash.computeIfAbsent(run.hash(), hash -> isUsable(run)));
  }

  private static boolean isUsable(RunFile run) {
    try {
      run.requirePlugins();
      return true;
    } catch (RuntimeException e) {
      LOGGER
          .atError()
          .addKeyValue("run", run.run())
          .addKeyValue("error", e.getMessage())
          .log("run rejected: a plug-in cannot be used");
      return false;
    }
  }
}
