/**
 * Common parts of the service applications: configuration of namespace and clients, life cycle,
 * health. Apart from the applications, only this package may depend on Quarkus. It depends on no
 * service.
 */
@NullMarked
package io.urteil.service.app;

import org.jspecify.annotations.NullMarked;
