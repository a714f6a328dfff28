/** Consumption of a share group by several consumers, so that a slow record delays no other. */
@NullMarked
package io.urteil.worker.share;

import org.jspecify.annotations.NullMarked;
