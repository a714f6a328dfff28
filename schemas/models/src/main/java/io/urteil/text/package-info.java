/** Text that knows where each character came from; imports nothing of Urteil. */
@NullMarked
package io.urteil.text;

import org.jspecify.annotations.NullMarked;
