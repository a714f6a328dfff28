/** In which order candidates are shown; imports nothing of Urteil. */
@NullMarked
package io.urteil.order;

import org.jspecify.annotations.NullMarked;
