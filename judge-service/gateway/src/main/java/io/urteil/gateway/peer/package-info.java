/** The HTTP contracts of trainers and platforms, each an adapter over the gateway. */
@NullMarked
package io.urteil.gateway.peer;

import org.jspecify.annotations.NullMarked;
