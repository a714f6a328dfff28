package io.urteil.worker;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs servers that do not respond, at most once a minute. Used by one thread. */
final class OutageLog {

  private static final Logger LOGGER = LoggerFactory.getLogger(OutageLog.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final Supplier<List<String>> outages;
  private long lastNanos = System.nanoTime() - INTERVAL.toNanos();
  private boolean logged;

  /**
   * @param outages the servers that do not respond now
   */
  OutageLog(Supplier<List<String>> outages) {
    this.outages = outages;
  }

  void write() {
    List<String> now = outages.get();
    if (now.isEmpty()) {
      if (logged) {
        LOGGER.info("all judge servers respond again");
        logged = false;
        lastNanos = System.nanoTime() - INTERVAL.toNanos();
      }
      return;
    }
    if (System.nanoTime() - lastNanos >= INTERVAL.toNanos()) {
      lastNanos = System.nanoTime();
      logged = true;
      now.forEach(outage -> LOGGER.atWarn().addKeyValue("error", outage).log("judgements held"));
    }
  }
}
