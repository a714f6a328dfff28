/**
 * The sampler: consumes prompts and publishes rollouts. Pure code decides which policy version may
 * sample a prompt; checkpoints are opened as they are published.
 */
@NullMarked
package io.urteil.sampler;

import org.jspecify.annotations.NullMarked;
