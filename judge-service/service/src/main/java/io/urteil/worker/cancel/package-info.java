/** Groups that clients have cancelled. */
@NullMarked
package io.urteil.worker.cancel;

import org.jspecify.annotations.NullMarked;
