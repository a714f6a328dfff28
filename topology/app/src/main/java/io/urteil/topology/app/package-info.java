/** The topology service as a Quarkus application: its configuration and its components. */
@NullMarked
package io.urteil.topology.app;

import org.jspecify.annotations.NullMarked;
