/** The registry of judges: built-in ones by their run-file section, others as plug-ins. */
@NullMarked
package io.urteil.judges;

import org.jspecify.annotations.NullMarked;
