/**
 * Judges that query language models: they render candidates into prompts, parse the responses as
 * votes and aggregate the votes. Pure except for the models.
 */
@NullMarked
package io.urteil.judges.generative;

import org.jspecify.annotations.NullMarked;
