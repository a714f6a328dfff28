/**
 * When a group is whole, late or beyond help, and what then leaves it: pure decisions over the
 * events of one group. The processors only load, ask, store and forward.
 */
@NullMarked
package io.urteil.topology.group;

import org.jspecify.annotations.NullMarked;
