package io.urteil.bench.gateway;

import java.util.List;
import java.util.Locale;

/**
 * What a tenant that sends far more than its share costs another one: two tenants of equal share on
 * one run, whose judge has a fixed number of places.
 *
 * @param judgeMillis mean time of one call of the judge; calls take half to one and a half of it
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
   * Measurements of the calm tenant: alone, half of them before and half after the flood, and
   * beside the flood.
   *
   * @param flood what the other tenant keeps open
   * @param floodRollouts the same in rollouts
   * @param groups groups of 8 that the calm tenant sent beside the flood
   * @param aloneP50Millis median time of such a group over HTTP without the flood
   * @param aloneP99Millis its 99th percentile
   * @param groupP50Millis median time beside the flood
   * @param groupP99Millis its 99th percentile
   * @param timesAloneP50 the median beside the flood over that without it
   * @param timesAloneP99 the same for the 99th percentile
   * @param floodRewardsPerSecond rewards of the other tenant
   */
  public record Row(
      String flood,
      int floodRollouts,
      int groups,
      double aloneP50Millis,
      double aloneP99Millis,
      double groupP50Millis,
      double groupP99Millis,
      double timesAloneP50,
      double timesAloneP99,
      double floodRewardsPerSecond) {

    /** Of the times of single groups in milliseconds. */
    static Row of(
        String flood, int rollouts, double[] alone, double[] beside, double rewardsPerSecond) {
      double aloneP50 = Percentiles.of(alone, 0.5);
      double aloneP99 = Percentiles.of(alone, 0.99);
      double p50 = Percentiles.of(beside, 0.5);
      double p99 = Percentiles.of(beside, 0.99);
      return new Row(
          flood,
          rollouts,
          beside.length,
          aloneP50,
          aloneP99,
          p50,
          p99,
          p50 / aloneP50,
          p99 / aloneP99,
          rewardsPerSecond);
    }
  }

  /** The report as a table. */
  public String markdown() {
    StringBuilder table =
        new StringBuilder(
            """
            | the other tenant keeps open | alone, median, ms | beside it | times alone | alone, 99th percentile, ms | beside it | times alone |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: |
            """);
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.0f | %.0f | %.2f | %.0f | %.0f | %.2f |%n",
              row.flood(),
              row.aloneP50Millis(),
              row.groupP50Millis(),
              row.timesAloneP50(),
              row.aloneP99Millis(),
              row.groupP99Millis(),
              row.timesAloneP99()));
    }
    return table.toString();
  }
}
