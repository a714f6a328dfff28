package io.urteil.bench.engine;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The result of {@code urteil bench device}.
 *
 * @param device device in the syntax of settings
 * @param numbers number format of weights, keys and values in the syntax of settings
 * @param model model directory
 * @param hardware name, driver and memory of the card, or the processor architecture
 * @param checks the checks in execution order
 */
public record DeviceReport(
    String device, String numbers, String model, String hardware, List<Check> checks) {

  /** The outcome of a check. */
  public enum Outcome {
    PASSED,
    FAILED,
    SKIPPED
  }

  /**
   * One check.
   *
   * @param detail description of the check, error, or reason for skipping it
   * @param figures measured figures by name
   */
  public record Check(String name, Outcome outcome, String detail, Map<String, Double> figures) {}

  public DeviceReport {
    checks = List.copyOf(checks);
  }

  /** Number of checks with this outcome. */
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
