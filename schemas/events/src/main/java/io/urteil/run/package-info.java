/**
 * The run file: one text that names everything that decides a reward and an update. It is published
 * as a {@code Run} event, so that every part reads the same text and every batch can be traced to
 * it. Each section is a record; those of judges and rewards have packages of their own.
 */
@NullMarked
package io.urteil.run;

import org.jspecify.annotations.NullMarked;
