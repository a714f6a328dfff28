/**
 * The gateway: groups of texts are submitted over HTTP and judged over the topics. This package
 * holds the core, without HTTP; {@code http} holds the native API, {@code tenant} keys and shares.
 */
@NullMarked
package io.urteil.gateway;

import org.jspecify.annotations.NullMarked;
