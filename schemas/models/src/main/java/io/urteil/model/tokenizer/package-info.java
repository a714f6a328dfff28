/**
 * Encodes text as token ids and decodes them; untrusted text cannot produce control tokens. Uses
 * model.chat and model.file.
 */
@NullMarked
package io.urteil.model.tokenizer;

import org.jspecify.annotations.NullMarked;
