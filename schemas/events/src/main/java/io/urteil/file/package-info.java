/** The files that events and run files may name, and the owner of a data directory. */
@NullMarked
package io.urteil.file;

import org.jspecify.annotations.NullMarked;
