/** Pairs for judges under training, made of data of this project. */
@NullMarked
package io.urteil.local.pairs;

import org.jspecify.annotations.NullMarked;
