/** Load at a steady rate while processes are killed, and the account of what the log then shows. */
@NullMarked
package io.urteil.bench.chaos;

import org.jspecify.annotations.NullMarked;
