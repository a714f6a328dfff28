/** The bench commands, added to the command line by ServiceLoader. */
@NullMarked
package io.urteil.bench.cli;

import org.jspecify.annotations.NullMarked;
