/**
 * All components in one JVM, with an embedded broker. The components share only a {@link
 * io.urteil.event.Namespace}, so that they communicate over topics alone.
 */
@NullMarked
package io.urteil.local;

import org.jspecify.annotations.NullMarked;
