/**
 * A language model on disk in the Hugging Face layout: configuration, weights and tokenizer, read
 * without an engine. Unsupported features are rejected here, by name, before any weights are
 * loaded.
 */
@NullMarked
package io.urteil.model;

import org.jspecify.annotations.NullMarked;
