package io.urteil.evaluation.probe;

import java.util.List;

/**
 * The figures of {@code urteil probe}.
 *
 * @param judge name of the judge
 * @param version what decides its findings
 * @param cases cases in which it tells the right answer from the wrong one, and which were used
 * @param casesLeftOut names of the others
 * @param attacks attacks tried
 * @param probes attacks times cases, times orders for a judge that compares
 * @param fooled probes in which the attacked wrong answer was worth as much as the right one
 * @param fooledShare {@code fooled} over {@code probes}
 * @param harmed probes in which the right answer beside it had no verdict any more
 * @param seconds wall time
 * @param byAttack one row an attack, in the order of the file
 */
public record ProbeReport(
    String judge,
    String version,
    int cases,
    List<String> casesLeftOut,
    int attacks,
    int probes,
    int fooled,
    double fooledShare,
    int harmed,
    double seconds,
    List<AttackRow> byAttack) {

  public ProbeReport {
    casesLeftOut = List.copyOf(casesLeftOut);
    byAttack = List.copyOf(byAttack);
  }
}
