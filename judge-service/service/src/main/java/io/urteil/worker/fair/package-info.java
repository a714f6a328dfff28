/** Division of the places of judges between the tenants whose work waits for them. */
@NullMarked
package io.urteil.worker.fair;

import org.jspecify.annotations.NullMarked;
