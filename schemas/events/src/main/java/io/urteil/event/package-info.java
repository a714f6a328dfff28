/**
 * What two processes of Urteil must agree on: the events, their encoding, the topics they live on,
 * and how a rollout's payload is read back by reference.
 */
@NullMarked
package io.urteil.event;

import org.jspecify.annotations.NullMarked;
