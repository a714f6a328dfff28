@NullMarked
package io.urteil.event;

import org.jspecify.annotations.NullMarked;
