/**
 * Runs components as a process: start, signals, shutdown and health. May use {@code
 * io.urteil.event}, but no framework.
 */
@NullMarked
package io.urteil.service;

import org.jspecify.annotations.NullMarked;
