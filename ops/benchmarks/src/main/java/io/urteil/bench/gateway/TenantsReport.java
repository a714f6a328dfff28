package io.urteil.bench.gateway;

import java.util.List;
import java.util.Locale;

/**
 * What a tenant that sends far more than its share costs another one: two tenants of equal share on
 * one run. The judge takes a fixed time and has a fixed number of places.
 *
 * @param judgeMillis time of one call of the judge
 * @param places calls at the same time
 * @param calmRewardsPerSecond what the calm tenant sends, in groups of 8: half of its share
 * @param rows one for each flood
 */
public record TenantsReport(
    long judgeMillis, int places, double calmRewardsPerSecond, List<Row> rows) {

  public TenantsReport {
    rows = List.copyOf(rows);
  }

  /**
   * Measurements of the calm tenant beside one flood.
   *
   * @param flood name of the flood
   * @param floodRollouts rollouts that the other tenant keeps open; 0 when the calm one is alone
   * @param groups groups of 8 that the calm tenant sent
   * @param groupP50Millis median time of such a group over HTTP
   * @param groupP99Millis its 99th percentile
   * @param timesAloneP50 the median over that of the calm tenant alone
   * @param timesAloneP99 the 99th percentile over that of the calm tenant alone
   * @param floodRewardsPerSecond rewards of the other tenant
   */
  public record Row(
      String flood,
      int floodRollouts,
      int groups,
      double groupP50Millis,
      double groupP99Millis,
      double timesAloneP50,
      double timesAloneP99,
      double floodRewardsPerSecond) {}

  /** The report as a table. */
  public String markdown() {
    StringBuilder table =
        new StringBuilder(
            """
            | the calm tenant | group of 8, median, ms | times alone | 99th percentile, ms | times alone | rewards/s of the other |
            | --- | ---: | ---: | ---: | ---: | ---: |
            """);
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.0f | %.2f | %.0f | %.2f | %.0f |%n",
              row.flood(),
              row.groupP50Millis(),
              row.timesAloneP50(),
              row.groupP99Millis(),
              row.timesAloneP99(),
              row.floodRewardsPerSecond()));
    }
    return table.toString();
  }
}
