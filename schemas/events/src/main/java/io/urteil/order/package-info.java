/** Orders in which candidates are presented. Depends on no other package of Urteil. */
@NullMarked
package io.urteil.order;

import org.jspecify.annotations.NullMarked;
