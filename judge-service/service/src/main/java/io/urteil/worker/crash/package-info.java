/**
 * Judging of records that ended a worker's process: a journal of running calls that survives the
 * process, and the isolation of the records that it names.
 */
@NullMarked
package io.urteil.worker.crash;

import org.jspecify.annotations.NullMarked;
