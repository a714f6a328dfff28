@NullMarked
package io.urteil.trainer;

import org.jspecify.annotations.NullMarked;
