/**
 * Runs components as a process: start, signals, shutdown and health. Depends on {@code
 * io.urteil.event} and on no framework.
 */
@NullMarked
package io.urteil.service;

import org.jspecify.annotations.NullMarked;
