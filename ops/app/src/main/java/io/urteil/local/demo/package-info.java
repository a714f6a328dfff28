/** The demo: a run file filled in, started in one JVM, watched to its end and reported. */
@NullMarked
package io.urteil.local.demo;

import org.jspecify.annotations.NullMarked;
