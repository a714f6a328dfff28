/**
 * The judge worker: consumes rollouts and groups, calls the judges of their runs and publishes
 * judgements. The topology computes rewards from these.
 */
@NullMarked
package io.urteil.worker;

import org.jspecify.annotations.NullMarked;
