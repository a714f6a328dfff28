/**
 * The run file, which defines everything that decides a reward or an update. It is published as a
 * {@code Run} event, so that every component reads the same text and every batch can be traced to
 * it. Each section is a record; judges and rewards have separate packages.
 */
@NullMarked
package io.urteil.run;

import org.jspecify.annotations.NullMarked;
