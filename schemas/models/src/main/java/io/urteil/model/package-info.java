/**
 * A language model on disk in the Hugging Face layout: configuration, weights and tokenizer, read
 * without an engine. What cannot be honoured is refused here, by name, before anything is loaded.
 */
@NullMarked
package io.urteil.model;

import org.jspecify.annotations.NullMarked;
