package io.urteil.bench.engine;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code urteil bench device} found.
 *
 * @param device as it is named in settings
 * @param numbers what weights, keys and values were, as settings name it
 * @param model directory that was run
 * @param hardware what the card's driver, or the processor, says of itself
 * @param checks in the order in which they ran
 */
public record DeviceReport(
    String device, String numbers, String model, String hardware, List<Check> checks) {

  /** How a check ended. */
  public enum Outcome {
    PASSED,
    FAILED,
    SKIPPED
  }

  /**
   * One thing that was looked at.
   *
   * @param detail what it is about, or why it was not looked at
   * @param figures by name; empty when nothing was measured
   */
  public record Check(String name, Outcome outcome, String detail, Map<String, Double> figures) {}

  public DeviceReport {
    checks = List.copyOf(checks);
  }

  /** How many checks ended so. */
  public long count(Outcome outcome) {
    return checks.stream().filter(check -> check.outcome() == outcome).count();
  }

  /** The report as Markdown. */
  public String markdown() {
    StringBuilder page = new StringBuilder();
    page.append(
        "# Device %s%n%nModel `%s`, numbers %s, on %s: %d passed, %d failed, %d skipped.%n%n"
            .formatted(
                device,
                model,
                numbers,
                hardware,
                count(Outcome.PASSED),
                count(Outcome.FAILED),
                count(Outcome.SKIPPED)));
    page.append("| check | outcome | figures | about |%n| --- | --- | --- | --- |%n".formatted());
    for (Check check : checks) {
      String figures =
          check.figures().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(figure -> "%s %.4g".formatted(figure.getKey(), figure.getValue()))
              .collect(Collectors.joining(", "));
      page.append(
          "| %s | %s | %s | %s |%n"
              .formatted(
                  check.name(),
                  check.outcome().name().toLowerCase(java.util.Locale.ROOT),
                  figures,
                  check.detail().replace("|", "\\|").replace("\n", " ")));
    }
    return page.toString();
  }
}
