/** The prompts that a sampler has read and not finished: in memory, parked, or being committed. */
@NullMarked
package io.urteil.sampler.queue;

import org.jspecify.annotations.NullMarked;
