/**
 * Text-level completion of judge prompts, whatever answers them: a model in this process or a
 * server.
 */
@NullMarked
package io.urteil.chat;

import org.jspecify.annotations.NullMarked;
