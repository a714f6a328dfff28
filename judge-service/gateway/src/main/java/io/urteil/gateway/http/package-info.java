/** The native HTTP API of the gateway, under {@code /v1}, and what all its contracts share. */
@NullMarked
package io.urteil.gateway.http;

import org.jspecify.annotations.NullMarked;
