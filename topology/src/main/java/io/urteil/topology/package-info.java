/**
 * The step from rollouts and judgements to rewards, group outcomes and batches, as a Kafka Streams
 * topology with exactly-once semantics. {@link io.urteil.topology.TopologyComponent} runs it; the
 * decisions are in the packages below, the processors here only load, ask, store and forward.
 */
@NullMarked
package io.urteil.topology;

import org.jspecify.annotations.NullMarked;
