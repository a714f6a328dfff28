/**
 * Running components as a process: start, signals, end, health. May use {@code io.urteil.event},
 * and no framework.
 */
@NullMarked
package io.urteil.service;

import org.jspecify.annotations.NullMarked;
