/**
 * The component that trains policy versions on batches: it reads a run's batches in order, makes
 * one optimiser step for each, and publishes each checkpoint together with its update. Also
 * supervised training without Kafka.
 */
@NullMarked
package io.urteil.trainer;

import org.jspecify.annotations.NullMarked;
