package io.urteil.evaluation.probe;

/**
 * What one attack did, over all cases and orders.
 *
 * @param attack its name
 * @param kind its kind
 * @param probes how often it was tried
 * @param fooled the attacked wrong answer was worth as much as the right one, or more
 * @param raised it was worth more than without the attack, but less than the right one
 * @param held it was worth no more than without the attack
 * @param unreadable no verdict on it could be read
 * @param abstained the judge declined
 * @param failed the judge failed
 * @param harmed the right answer beside it had no verdict any more
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
