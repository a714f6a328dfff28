/**
 * Settings of the command line's processes, from system properties and environment variables. May
 * depend on the settings records of the services.
 */
@NullMarked
package io.urteil.local.settings;

import org.jspecify.annotations.NullMarked;
