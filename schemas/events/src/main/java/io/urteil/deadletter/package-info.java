/** Lists and inspects dead letters, and redrives their records. */
@NullMarked
package io.urteil.deadletter;

import org.jspecify.annotations.NullMarked;
