/** The interface for authors of judges. Uses only events and run-file settings. */
@NullMarked
package io.urteil.judge.api;

import org.jspecify.annotations.NullMarked;
