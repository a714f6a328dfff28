/** Fixtures for the tests of several modules. Not for main class paths. */
@NullMarked
package io.urteil.testing;

import org.jspecify.annotations.NullMarked;
