/** Text-level completion of judge prompts by a model in this process or on a server. */
@NullMarked
package io.urteil.chat;

import org.jspecify.annotations.NullMarked;
