/**
 * The command {@code urteil}: options, help, exit codes and the one line that says what went wrong.
 * Commands that end do so without Quarkus; services start it for health and metrics over HTTP when
 * asked to.
 */
@NullMarked
package io.urteil.cli;

import org.jspecify.annotations.NullMarked;
