/**
 * Options, exit codes, error messages and log output that commands share. Depends on no command.
 */
@NullMarked
package io.urteil.cli.option;

import org.jspecify.annotations.NullMarked;
