@NullMarked
package io.urteil.topology;

import org.jspecify.annotations.NullMarked;
