/** The owner of a data directory. */
@NullMarked
package io.urteil.directory;

import org.jspecify.annotations.NullMarked;
