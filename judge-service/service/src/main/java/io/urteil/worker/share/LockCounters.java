package io.urteil.worker.share;

import io.micrometer.core.instrument.Counter;

/**
 * Counters of record locks.
 *
 * @param renewed record locks renewed because their records were not finished
 * @param refused acknowledgements that the broker rejected because locks were lost
 */
public record LockCounters(Counter renewed, Counter refused) {}
