/** Dead letters: what they are, the records they are about, and sending these once more. */
@NullMarked
package io.urteil.deadletter;

import org.jspecify.annotations.NullMarked;
