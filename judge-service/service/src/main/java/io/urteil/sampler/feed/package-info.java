/** Where prompts come from: a file of JSON lines, published no faster than they may be sampled. */
@NullMarked
package io.urteil.sampler.feed;

import org.jspecify.annotations.NullMarked;
