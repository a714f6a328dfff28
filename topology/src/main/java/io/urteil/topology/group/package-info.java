/**
 * Decides when a group is complete, expired or failed, and its result: pure decisions over the
 * events of one group. The processors only load, call, store and forward.
 */
@NullMarked
package io.urteil.topology.group;

import org.jspecify.annotations.NullMarked;
