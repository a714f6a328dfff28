/**
 * The section {@code reward} of a run file: the rule, its prices and its parts. What pays by them
 * is in the topology.
 */
@NullMarked
package io.urteil.run.reward;

import org.jspecify.annotations.NullMarked;
