/**
 * Runs language models: prompts in as token ids, sampled completions out with the log-probability
 * of every token. Model versions are opened, switched and closed while requests run.
 */
@NullMarked
package io.urteil.engine;

import org.jspecify.annotations.NullMarked;
