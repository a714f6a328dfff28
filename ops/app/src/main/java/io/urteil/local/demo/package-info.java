/** The demo: creates a run file, runs it in one JVM, and reports the result. */
@NullMarked
package io.urteil.local.demo;

import org.jspecify.annotations.NullMarked;
