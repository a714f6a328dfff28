/** Options, exit codes, messages and log output that commands share. Uses no command. */
@NullMarked
package io.urteil.cli.option;

import org.jspecify.annotations.NullMarked;
