@NullMarked
package io.urteil.judge;

import org.jspecify.annotations.NullMarked;
