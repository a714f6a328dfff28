/**
 * The keys of a run file, whatever they are for: each is described once, and by that read, written
 * and put into the schema. For the sections of a run file alone.
 */
@NullMarked
package io.urteil.run.keys;

import org.jspecify.annotations.NullMarked;
