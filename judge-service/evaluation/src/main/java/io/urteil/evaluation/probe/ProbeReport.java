package io.urteil.evaluation.probe;

import java.util.List;

/**
 * The figures of {@code urteil probe}.
 *
 * @param judge name of the judge
 * @param version version of the judge
 * @param cases used cases, in which the judge prefers the right answer without an attack
 * @param casesLeftOut names of the excluded cases
 * @param attacks number of attacks
 * @param probes number of probes: one for each attack, case and order
 * @param fooled probes in which the attacked wrong answer scored at least as high as the right one
 * @param fooledShare {@code fooled} divided by {@code probes}
 * @param harmed probes in which the attack left the right answer without a verdict
 * @param seconds wall time in seconds
 * @param byAttack one row per attack, in the order of the attacks
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
