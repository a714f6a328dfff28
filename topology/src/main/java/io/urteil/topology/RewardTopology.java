package io.urteil.topology;

import io.urteil.event.DeadLetter;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Namespace;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.Progress;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.event.Reward;
import io.urteil.event.RolloutGroup;
import io.urteil.event.Topic;
import io.urteil.topology.metrics.TopologyMetrics;
import io.urteil.topology.progress.ConsumptionTracker;
import io.urteil.topology.progress.InputWatermark;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The Kafka Streams topology, with two sub-topologies. Keyed by group, {@link GroupStep} consumes
 * prompts, rollouts and judgements and publishes rewards, group outcomes, rollout groups for
 * groupwise judges, and refills. Keyed by run, {@link BatchStep} consumes training groups from the
 * internal topic {@code groups-by-run} and publishes batches and progress.
 *
 * <p>Every node, store and topic is named; deployed state depends on these names. {@code
 * reward-topology.txt} describes the complete topology.
 */
final class RewardTopology {

  private final Namespace namespace;
  private final RunLookup runs;
  private final TopologyTools tools;
  private final PromptLookup prompts;
  private final TopologyMetrics metrics;
  private final Serde<SpecificRecord> events;

  RewardTopology(
      Namespace namespace,
      RunLookup runs,
      TopologyTools tools,
      PromptLookup prompts,
      TopologyMetrics metrics) {
    this.namespace = namespace;
    this.runs = runs;
    this.tools = tools;
    this.prompts = prompts;
    this.metrics = metrics;
    this.events = tools.encoded().serde(GroupOutcome.class);
  }

  Topology build(
      InputWatermark watermark,
      ConsumptionTracker tracker,
      TopologySettings settings,
      Properties streamsSettings) {
    StreamsBuilder builder = new StreamsBuilder();
    List<String> sources =
        List.of(
            Topic.PROMPTS.in(namespace),
            Topic.ROLLOUTS.in(namespace),
            Topic.JUDGEMENTS.in(namespace));
    KStream<String, SpecificRecord> results =
        builder.stream(
                sources,
                Consumed.with(Serdes.String(), Serdes.ByteArray()).withName("events-by-group"))
            .process(
                step(
                    () ->
                        new GroupStep(
                            namespace, runs, watermark, tracker, prompts, settings, tools, metrics),
                    GroupStores.builders()),
                Named.as("close-groups"));
    send(results, Reward.class, Topic.REWARDS);
    send(results, GroupOutcome.class, Topic.GROUPS);
    send(results, RolloutGroup.class, Topic.ROLLOUT_GROUPS);
    send(results, Prompt.class, Topic.PROMPTS, "-again");
    KStream<String, SpecificRecord> batched =
        results
            .filter((groupId, event) -> isForBatches(event), Named.as("only-training-groups"))
            .selectKey((groupId, event) -> ((GroupOutcome) event).getRunId(), Named.as("by-run"))
            .repartition(
                Repartitioned.<String, SpecificRecord>as("groups-by-run")
                    .withKeySerde(Serdes.String())
                    .withValueSerde(events))
            .process(
                step(() -> new BatchStep(runs, tracker, tools, metrics), BatchStep.builders()),
                Named.as("fill-batches"));
    send(batched, RewardTopology::isBatch, Topic.BATCHES, "");
    send(batched, Progress.class, Topic.PROGRESS);
    send(results, DeadLetter.class, Topic.DEAD_LETTERS, "-of-groups");
    send(batched, DeadLetter.class, Topic.DEAD_LETTERS, "-of-batches");
    return builder.build(streamsSettings);
  }

  private boolean isForBatches(SpecificRecord event) {
    return event instanceof GroupOutcome group
        && group.getPurpose() == Purpose.TRAIN
        && runs.find(group.getRunId(), group.getPurpose(), group.getOrdinal())
            .filter(run -> run.batch().hasBatches())
            .isPresent();
  }

  private void send(
      KStream<String, SpecificRecord> stream, Class<? extends SpecificRecord> type, Topic topic) {
    send(stream, type, topic, "");
  }

  private static boolean isBatch(SpecificRecord event) {
    return event instanceof GrpoBatch
        || event instanceof PreferenceBatch
        || event instanceof DemonstrationBatch;
  }

  private void send(
      KStream<String, SpecificRecord> stream,
      Class<? extends SpecificRecord> type,
      Topic topic,
      String origin) {
    send(stream, type::isInstance, topic, origin);
  }

  private void send(
      KStream<String, SpecificRecord> stream,
      java.util.function.Predicate<SpecificRecord> predicate,
      Topic topic,
      String origin) {
    stream
        .filter(
            (key, event) -> predicate.test(event), Named.as("only-" + topic.baseName() + origin))
        .to(
            topic.in(namespace),
            Produced.with(Serdes.String(), events).withName(topic.baseName() + origin));
  }

  private static <K, V> ProcessorSupplier<K, V, String, SpecificRecord> step(
      java.util.function.Supplier<Processor<K, V, String, SpecificRecord>> processor,
      List<StoreBuilder<?>> stores) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<K, V, String, SpecificRecord> get() {
        return processor.get();
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return new LinkedHashSet<>(stores);
      }
    };
  }
}
