/**
 * Judge prompts, verdict formats with their parsers, and the encoding of prompts to tokens. May use
 * chat templates and tokenizers, but not the engine or Kafka.
 */
@NullMarked
package io.urteil.prompt;

import org.jspecify.annotations.NullMarked;
