/** The inference engine against what the machine and other engines can do. */
@NullMarked
package io.urteil.bench.engine;

import org.jspecify.annotations.NullMarked;
