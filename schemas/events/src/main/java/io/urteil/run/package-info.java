/**
 * The run file: one text that names everything that decides a reward and an update. It is published
 * as a {@code Run} event, so that every part reads the same text and every batch can be traced to
 * it.
 */
@NullMarked
package io.urteil.run;

import org.jspecify.annotations.NullMarked;
