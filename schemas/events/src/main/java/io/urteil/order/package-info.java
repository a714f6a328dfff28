/** The order in which candidates are shown. Independent of all other packages. */
@NullMarked
package io.urteil.order;

import org.jspecify.annotations.NullMarked;
