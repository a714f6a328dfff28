/** Fixtures that tests of several modules share. Never on a main class path. */
@NullMarked
package io.urteil.testing;

import org.jspecify.annotations.NullMarked;
