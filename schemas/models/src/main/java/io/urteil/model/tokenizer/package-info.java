/**
 * Text to token ids and back, with control tokens kept out of untrusted text. Uses model.chat and
 * model.file.
 */
@NullMarked
package io.urteil.model.tokenizer;

import org.jspecify.annotations.NullMarked;
