/** The feeder: publishes prompts of JSON-lines files, at the pace at which they are admitted. */
@NullMarked
package io.urteil.sampler.feed;

import org.jspecify.annotations.NullMarked;
