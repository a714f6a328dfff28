@NullMarked
package io.urteil.sampler;

import org.jspecify.annotations.NullMarked;
