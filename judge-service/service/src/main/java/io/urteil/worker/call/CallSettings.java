package io.urteil.worker.call;

import java.time.Duration;

/**
 * Limits of the calls of judges.
 *
 * @param tries maximum number of calls of one judge for one record
 * @param backOff pause after the first failed call; doubles with each retry, with 50% jitter
 * @param timeLimit for all calls of one judge for one record, unless the judge has its own limit
 */
public record CallSettings(int tries, Duration backOff, Duration timeLimit) {}
