/**
 * Computes rewards, group outcomes and batches from rollouts and judgements, as a Kafka Streams
 * topology with exactly-once semantics. {@link io.urteil.topology.TopologyComponent} runs it. The
 * decisions are in the packages below; the processors here only load, call, store and forward.
 */
@NullMarked
package io.urteil.topology;

import org.jspecify.annotations.NullMarked;
