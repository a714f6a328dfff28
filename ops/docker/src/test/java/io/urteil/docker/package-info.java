/** The images, the compose file, and the packaged service applications as processes. */
@NullMarked
package io.urteil.docker;

import org.jspecify.annotations.NullMarked;
