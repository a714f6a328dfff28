package io.urteil.bench.gateway;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code urteil bench gateway}. The judge takes a fixed time, so that all times can
 * be compared with it.
 *
 * @param judgeMillis time of one call of the judge
 * @param directGroupMillis median time of a group of 8 that calls the judge in this process, all
 *     members at once
 * @param gateways one row for each number of gateways
 * @param tenants what a tenant costs another one; null if it was not measured
 */
public record GatewayReport(
    long judgeMillis,
    double directGroupMillis,
    List<Row> gateways,
    @Nullable TenantsReport tenants) {

  public GatewayReport {
    gateways = List.copyOf(gateways);
  }

  /**
   * Measurements through one or two gateways.
   *
   * @param gateways processes, asked in turn
   * @param groupP50Millis median time of one group of 8 over HTTP, one after the other
   * @param groupP99Millis its 99th percentile
   * @param burstSeconds time of 64 groups of 8 at once, the median of five
   * @param requestsPerSecond groups of one member, at 64 connections
   * @param waitingRequests requests held open at once
   * @param bytesPerWaitingRequest heap of the first gateway for each of them
   */
  public record Row(
      int gateways,
      double groupP50Millis,
      double groupP99Millis,
      double burstSeconds,
      double requestsPerSecond,
      int waitingRequests,
      double bytesPerWaitingRequest) {}

  /** With this part. */
  public GatewayReport with(TenantsReport measured) {
    return new GatewayReport(judgeMillis, directGroupMillis, gateways, measured);
  }

  /** The report as tables. */
  public String markdown() {
    return (gateways.isEmpty() ? "" : gatewaysTable())
        + (tenants == null ? "" : "\n" + tenants.markdown());
  }

  private String gatewaysTable() {
    StringBuilder table =
        new StringBuilder(
            """
            | | %s |
            | --- |%s
            """
                .formatted(
                    String.join(
                        " | ",
                        gateways.stream()
                            .map(
                                row ->
                                    row.gateways() == 1
                                        ? "1 gateway"
                                        : row.gateways() + " gateways")
                            .toList()),
                    " ---: |".repeat(gateways.size())));
    line(table, "judge called directly, group of 8, ms", "%.1f", row -> directGroupMillis);
    line(table, "group of 8, median, ms", "%.1f", Row::groupP50Millis);
    line(
        table,
        "over the judge's own time, ms",
        "%.1f",
        row -> row.groupP50Millis() - directGroupMillis);
    line(table, "group of 8, 99th percentile, ms", "%.1f", Row::groupP99Millis);
    line(table, "512 rewards at once, s", "%.2f", Row::burstSeconds);
    line(table, "requests/s at 64 connections", "%.0f", Row::requestsPerSecond);
    line(table, "heap for each waiting request, bytes", "%.0f", Row::bytesPerWaitingRequest);
    return table.toString();
  }

  private void line(StringBuilder table, String name, String format, ToDoubleFunction<Row> value) {
    table.append("| ").append(name);
    for (Row row : gateways) {
      table.append(" | ").append(String.format(Locale.ROOT, format, value.applyAsDouble(row)));
    }
    table.append(" |\n");
  }
}
