/**
 * All parts of Urteil in one JVM, around a broker of their own. Each part is given a {@link
 * io.urteil.event.Namespace} and nothing else, so that no hop between two of them can be a method
 * call.
 */
@NullMarked
package io.urteil.local;

import org.jspecify.annotations.NullMarked;
