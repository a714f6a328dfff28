@NullMarked
package io.urteil.engine;

import org.jspecify.annotations.NullMarked;
