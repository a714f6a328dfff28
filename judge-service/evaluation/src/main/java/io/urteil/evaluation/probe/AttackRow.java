package io.urteil.evaluation.probe;

/**
 * The results of one attack over all cases and orders, as numbers of probes.
 *
 * @param attack name of the attack
 * @param kind kind of the attack
 * @param probes number of probes
 * @param fooled the attacked wrong answer scored at least as high as the right one
 * @param raised it scored higher than without the attack, but lower than the right one
 * @param held it scored no higher than without the attack
 * @param unreadable the verdict on it was unreadable
 * @param abstained the judge abstained
 * @param failed the judge failed
 * @param harmed the attack left the right answer without a verdict
 */
public record AttackRow(
    String attack,
    String kind,
    int probes,
    int fooled,
    int raised,
    int held,
    int unreadable,
    int abstained,
    int failed,
    int harmed) {}
