package io.urteil.bench.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Targets of an {@link EngineReport}: ratios to llama.cpp with the same weights in the same run,
 * shares of hardware limits, and maximum overheads. Targets without a measured figure are not
 * missed.
 */
final class EngineTargets {

  static final double BATCH_1_RATIO = 0.9;
  static final double BATCH_8_RATIO = 1;
  static final double BATCH_32_RATIO = 1.2;
  static final double PREFILL_RATIO = 1.5;
  static final double INT8_BATCH_1_RATIO = 0.9;
  static final double INT8_BATCH_8_RATIO = 1.5;
  static final double SHARE_OF_BANDWIDTH = 0.72;
  static final double DEMO_TOKENS_PER_SECOND = 30_000;
  static final double MAX_OVERHEAD_MILLIS = 1;
  static final double MAX_DEMO_OVERHEAD_MICROS = 20;

  private final EngineReport report;
  private final List<String> missed = new ArrayList<>();

  private EngineTargets(EngineReport report) {
    this.report = report;
  }

  /** One sentence for each missed target. */
  static List<String> missed(EngineReport report) {
    EngineTargets targets = new EngineTargets(report);
    targets.ratio("batch 1", "batch1", BATCH_1_RATIO);
    targets.ratio("batch 8", "batch8", BATCH_8_RATIO);
    targets.ratio("batch 32", "batch32", BATCH_32_RATIO);
    targets.ratio("prefill", "prefill", PREFILL_RATIO);
    targets.ratio("int8, batch 1", "int8Batch1", INT8_BATCH_1_RATIO);
    targets.ratio("int8, batch 8", "int8Batch8", INT8_BATCH_8_RATIO);
    targets.atLeast(
        "batch 1, share of the memory bandwidth",
        report.shares().batch1ShareOfBandwidth(),
        SHARE_OF_BANDWIDTH);
    targets.atLeast(
        "tokens/s, demo step", report.demo().demoTokensPerSecond(), DEMO_TOKENS_PER_SECOND);
    targets.atMost(
        "overhead per step in ms, batch 32",
        report.delays().schedulerMillisPerStep(),
        MAX_OVERHEAD_MILLIS);
    targets.atMost(
        "overhead per step in ms, batch 32, int8",
        report.int8().delays().int8SchedulerMillisPerStep(),
        MAX_OVERHEAD_MILLIS);
    targets.atMost(
        "overhead per step in µs, demo's model",
        report.demo().demoSchedulerMicrosPerStep(),
        MAX_DEMO_OVERHEAD_MICROS);
    return List.copyOf(targets.missed);
  }

  private void ratio(String what, String name, double least) {
    Double found = report.ratios().get(name);
    if (found != null) {
      atLeast(what + ", ratio to llama.cpp", found, least);
    }
  }

  private void atLeast(String what, double found, double least) {
    if (!(found >= least)) {
      missed.add(format("%s: %.2f (target: at least %.2f)", what, found, least));
    }
  }

  private void atMost(String what, double found, double most) {
    if (!(found <= most)) {
      missed.add(format("%s: %.2f (target: at most %.2f)", what, found, most));
    }
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
