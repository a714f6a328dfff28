/**
 * The sampler: prompts in, rollouts out. Which version of the policy may sample a prompt is decided
 * by pure code; checkpoints are opened as they are published.
 */
@NullMarked
package io.urteil.sampler;

import org.jspecify.annotations.NullMarked;
