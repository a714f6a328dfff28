/** Text that records the origin of each character. Depends on no other package of Urteil. */
@NullMarked
package io.urteil.text;

import org.jspecify.annotations.NullMarked;
