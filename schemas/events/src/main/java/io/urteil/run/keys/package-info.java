/**
 * Describes the keys of a run file: one description serves reading, writing and the schema. Used
 * only by the sections of a run file.
 */
@NullMarked
package io.urteil.run.keys;

import org.jspecify.annotations.NullMarked;
