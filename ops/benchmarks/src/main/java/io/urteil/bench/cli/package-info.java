/** The bench commands, which the command line finds with ServiceLoader. */
@NullMarked
package io.urteil.bench.cli;

import org.jspecify.annotations.NullMarked;
