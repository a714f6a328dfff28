/**
 * The gateway: groups of texts are submitted over HTTP and judged over the topics. This package
 * holds the core, without HTTP; {@code http} holds the native API.
 */
@NullMarked
package io.urteil.gateway;

import org.jspecify.annotations.NullMarked;
