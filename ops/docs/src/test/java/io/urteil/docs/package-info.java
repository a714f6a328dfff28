/** Holds the documentation to the code: every table, every link, every named test. */
@NullMarked
package io.urteil.docs;

import org.jspecify.annotations.NullMarked;
