/**
 * Judges and their worker: rollouts in, judgements out. A judge finds facts about a rollout; what
 * they are worth is the topology's business.
 */
@NullMarked
package io.urteil.worker;

import org.jspecify.annotations.NullMarked;
