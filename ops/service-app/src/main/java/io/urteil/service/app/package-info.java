/**
 * What the service applications share: configuration of place and clients, life cycle, health. The
 * only package beside the applications' own that may use Quarkus; knows no service.
 */
@NullMarked
package io.urteil.service.app;

import org.jspecify.annotations.NullMarked;
