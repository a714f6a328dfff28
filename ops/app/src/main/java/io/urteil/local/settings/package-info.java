/**
 * Settings of the all-in-one, from system properties and environment variables. May use the
 * settings records of the services.
 */
@NullMarked
package io.urteil.local.settings;

import org.jspecify.annotations.NullMarked;
