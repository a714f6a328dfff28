package io.urteil.bench.engine;

import java.util.List;
import java.util.Locale;

/** Renders an {@link EngineReport} as Markdown tables, with the targets and the missed ones. */
final class EngineTable {

  private final EngineReport report;
  private final StringBuilder text = new StringBuilder();

  private EngineTable(EngineReport report) {
    this.report = report;
  }

  static String of(EngineReport report) {
    return new EngineTable(report).markdown();
  }

  private String markdown() {
    add(
        "| f32 unless noted, %d threads | engine, tokens/s | bare runtime | share of the limit |"
            + " llama.cpp | engine / llama.cpp | target |\n"
            + "| --- | ---: | ---: | ---: | ---: | ---: | --- |\n",
        report.threads());
    speeds();
    add("\n| | measured | target |\n| --- | ---: | --- |\n");
    add("| time to first token, ms | %.0f | |\n", report.delays().firstTokenMillis());
    add(
        "| time to first token while 8 sequences are decoded, ms | %.0f | |\n",
        report.delays().firstTokenUnderLoadMillis());
    overhead("batch 32", report.delays().schedulerMillisPerStep());
    overhead("batch 32, int8", report.int8().delays().int8SchedulerMillisPerStep());
    add(
        "| overhead per step of the demo's model, µs | %.1f | at most %.0f |\n",
        report.demo().demoSchedulerMicrosPerStep(), EngineTargets.MAX_DEMO_OVERHEAD_MICROS);
    add(
        "| rollouts of a demo step, tokens/s | %,.0f | at least %,.0f |\n",
        report.demo().demoTokensPerSecond(), EngineTargets.DEMO_TOKENS_PER_SECOND);
    List<String> missed = report.missed();
    add(missed.isEmpty() ? "\nNo target is missed.\n" : "\nMissed targets:\n");
    missed.forEach(sentence -> add("- %s\n", sentence));
    if (report.ratios().isEmpty()) {
      add("\nllama.cpp was not measured (no --llama-bench).\n");
    }
    return text.toString();
  }

  private void speeds() {
    speed(
        "batch 1",
        "batch1",
        report.engine().batch1(),
        report.bare().bareBatch1TokensPerSecond(),
        format(
            "%.0f %% of %.1f GB/s",
            100 * report.shares().batch1ShareOfBandwidth(),
            report.machine().readGigabytesPerSecond()),
        format(
            "%.2f of llama.cpp, %.0f %% of the limit",
            EngineTargets.BATCH_1_RATIO, 100 * EngineTargets.SHARE_OF_BANDWIDTH));
    speed(
        "batch 8",
        "batch8",
        report.engine().batch8(),
        report.bare().bareBatch8TokensPerSecond(),
        "",
        ratio(EngineTargets.BATCH_8_RATIO));
    speed(
        "batch 32",
        "batch32",
        report.engine().batch32(),
        report.bare().bareBatch32TokensPerSecond(),
        "",
        ratio(EngineTargets.BATCH_32_RATIO));
    speed(
        "prefill",
        "prefill",
        report.engine().prefill(),
        report.bare().barePrefillTokensPerSecond(),
        format(
            "%.0f %% of %.0f GFLOP/s",
            100 * report.shares().prefillShareOfFma(), report.machine().fmaGigaflops()),
        ratio(EngineTargets.PREFILL_RATIO));
    speed(
        "int8, batch 1",
        "int8Batch1",
        report.int8().engine().int8Batch1TokensPerSecond(),
        report.int8().bare().int8BareBatch1TokensPerSecond(),
        "",
        ratio(EngineTargets.INT8_BATCH_1_RATIO));
    speed(
        "int8, batch 8",
        "int8Batch8",
        report.int8().engine().int8Batch8TokensPerSecond(),
        report.int8().bare().int8BareBatch8TokensPerSecond(),
        "",
        ratio(EngineTargets.INT8_BATCH_8_RATIO));
    speed(
        "int8, batch 32",
        "int8Batch32",
        report.int8().engine().int8Batch32TokensPerSecond(),
        report.int8().bare().int8BareBatch32TokensPerSecond(),
        "",
        "");
    speed(
        "int8, prefill",
        "int8Prefill",
        report.int8().engine().int8PrefillTokensPerSecond(),
        report.int8().bare().int8BarePrefillTokensPerSecond(),
        "",
        "");
  }

  private void speed(
      String label, String name, double engine, double bare, String share, String target) {
    Double llama = report.llamaCpp().get(name);
    Double ratio = report.ratios().get(name);
    add(
        "| %s | %.1f | %.1f | %s | %s | %s | %s |\n",
        label,
        engine,
        bare,
        share,
        llama == null ? "" : format("%.1f", llama),
        ratio == null ? "" : format("%.2f", ratio),
        target);
  }

  private void overhead(String label, double millis) {
    add(
        "| overhead per step, %s, ms | %.2f | at most %.0f |\n",
        label, millis, EngineTargets.MAX_OVERHEAD_MILLIS);
  }

  private static String ratio(double least) {
    return format("%.2f of llama.cpp", least);
  }

  private void add(String format, Object... values) {
    text.append(format(format, values));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
