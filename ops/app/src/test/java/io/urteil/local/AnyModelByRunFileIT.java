package io.urteil.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.urteil.event.Checkpoint;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Namespace;
import io.urteil.event.OutcomeMember;
import io.urteil.event.PackedArrays;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReader;
import io.urteil.event.RolloutReader.Payload;
import io.urteil.event.RolloutReference;
import io.urteil.event.Topic;
import io.urteil.local.watch.RunStatistics;
import io.urteil.metrics.MeterDefinition;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.testing.MeterDefinitions;
import io.urteil.testing.TopicEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another model, tokenizer and task than the demo's, by a run file alone. */
class AnyModelByRunFileIT {

  /** Counted by what {@link BadInputIT} sends. */
  private static final String DEAD_LETTERS = "urteil.dead.letters";

  private static final PrometheusMeterRegistry METERS =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private static final Set<String> REFUSED = ConcurrentHashMap.newKeySet();

  private static AllInOne all;
  private static Namespace place;
  private static Path model;

  @BeforeAll
  static void run(@TempDir Path directory) throws Exception {
    METERS.config().onMeterRegistrationFailed((id, reason) -> REFUSED.add(id.getName()));
    Metrics.addRegistry(METERS);
    all = AllInOne.start(directory.resolve("data"), ShortRun.of(directory));
    place = all.namespace();
    model = directory.resolve("model");
    ShortRun.awaitEnd(all);
  }

  @AfterAll
  static void stop() {
    if (all != null) {
      all.close();
    }
    Metrics.removeRegistry(METERS);
  }

  @Test
  void shouldMakeTwoVersionsThatLearnedFromRewardsThatDiffer() {
    // When
    List<Checkpoint> checkpoints = TopicEvents.read(place, Topic.CHECKPOINTS, Checkpoint.class);

    // Then
    assertThat(checkpoints).extracting(Checkpoint::getVersion).containsExactly(0L, 1L, 2L);
    assertThat(checkpoints)
        .extracting(AnyModelByRunFileIT::weightsHash)
        .doesNotHaveDuplicates()
        .hasSize(3);
    assertThat(TopicEvents.read(place, Topic.UPDATES, PolicyUpdate.class))
        .allSatisfy(update -> assertThat(update.getGradientNorm()).isPositive())
        .hasSize(ShortRun.STEPS);
  }

  @Test
  void shouldSampleWithExactlyTheLagAndTheTrainersLogProbabilities() {
    // When
    RunStatistics figures = ShortRun.figures(place);

    // Then
    int rollouts = ShortRun.GROUPS * ShortRun.SAMPLES;
    assertThat(figures.lagHistogram()).isEqualTo(Map.of(0, rollouts, ShortRun.LAG, rollouts));
    assertThat(figures.maxLogprobGap()).isPositive().isLessThanOrEqualTo(1e-3);
  }

  @Test
  void shouldHaveEveryRolloutOfEveryGroupOnTheLog() {
    // When
    List<GroupOutcome> groups = TopicEvents.read(place, Topic.GROUPS, GroupOutcome.class);
    Collection<Rollout> rollouts = rollouts(groups);

    // Then
    assertThat(groups)
        .hasSize(ShortRun.GROUPS * ShortRun.STEPS)
        .allSatisfy(
            group -> {
              assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE);
              assertThat(group.getMembers()).hasSize(ShortRun.SAMPLES);
            });
    assertThat(rollouts)
        .hasSize(ShortRun.GROUPS * ShortRun.STEPS * ShortRun.SAMPLES)
        .extracting(rollout -> rollout.getGroupId() + "/" + rollout.getIndex())
        .doesNotHaveDuplicates();
    assertThat(rollouts)
        .allSatisfy(
            rollout -> {
              int[] sampled = PackedArrays.toInts(rollout.getSegments().getLast().getTokens());
              assertThat(sampled).hasSizeBetween(1, 24);
            });
  }

  @Test
  void shouldTakePromptsOfFiveToTwoHundredTokensInOneBatch() throws Exception {
    // When
    List<GroupOutcome> groups = TopicEvents.read(place, Topic.GROUPS, GroupOutcome.class);
    Collection<Rollout> ofFirstBatch =
        rollouts(groups.stream().filter(group -> group.getOrdinal() < ShortRun.GROUPS).toList());

    // Then
    List<Integer> lengths = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(model.resolve(Tokenizer.FILE_NAME))) {
      for (Rollout rollout : ofFirstBatch) {
        int[] tokens = PackedArrays.toInts(rollout.getSegments().getFirst().getTokens());
        String text = Objects.requireNonNull(rollout.getSegments().getFirst().getText());
        assertThat(tokens).isEqualTo(tokenizer.encode(text)).hasSizeBetween(5, 200);
        assertThat(tokens.length).isLessThanOrEqualTo(text.length());
        lengths.add(tokens.length);
      }
    }
    assertThat(lengths).contains(5).anyMatch(length -> length >= 180);
  }

  @Test
  void shouldRegisterEveryMeterWithItsTags() {
    // Given
    Map<String, MeterDefinition> defined = MeterDefinitions.all();

    // When
    Map<String, Set<Set<String>>> registered = new TreeMap<>();
    for (Meter meter : METERS.getMeters()) {
      String name = meter.getId().getName();
      // Dead letters of other tests stay registered for the life of the process.
      if (name.startsWith("urteil.") && !name.equals(DEAD_LETTERS)) {
        registered.computeIfAbsent(name, missing -> new HashSet<>()).add(tags(meter));
      }
    }

    // Then
    // A training run has no gateway.
    assertThat(registered.keySet())
        .containsExactlyElementsOf(
            defined.keySet().stream()
                .filter(name -> !name.equals(DEAD_LETTERS) && !name.startsWith("urteil.gateway."))
                .toList());
    assertThat(registered)
        .allSatisfy(
            (name, tags) ->
                assertThat(tags)
                    .as(name)
                    .containsExactly(Set.copyOf(requireNonNull(defined.get(name), name).tags())));
    assertThat(METERS.getMeters())
        .extracting(meter -> meter.getId().getName())
        .anyMatch(name -> name.startsWith("kafka.stream."))
        .anyMatch(name -> name.startsWith("kafka.producer."))
        .anyMatch(name -> name.startsWith("kafka.consumer."))
        .anyMatch(name -> name.startsWith("kafka.admin.client."));
  }

  @Test
  void shouldCountWhatTheRunHasDone() {
    // Given
    int rollouts = ShortRun.GROUPS * ShortRun.STEPS * ShortRun.SAMPLES;

    // Then
    assertThat(count("urteil.sampler.rollouts")).isEqualTo(rollouts);
    assertThat(count("urteil.judge.judgements")).isGreaterThanOrEqualTo(rollouts);
    assertThat(count("urteil.topology.closed.groups"))
        .isGreaterThanOrEqualTo(ShortRun.GROUPS * ShortRun.STEPS);
    assertThat(count("urteil.topology.batches")).isGreaterThanOrEqualTo(ShortRun.STEPS);
    assertThat(count("urteil.trainer.batches")).isEqualTo(ShortRun.STEPS);
    assertThat(count("urteil.trainer.sequences")).isEqualTo(rollouts);
    assertThat(METERS.get("urteil.trainer.policy.version").gauge().value())
        .isEqualTo(ShortRun.STEPS);
    assertThat(METERS.get("urteil.topology.open.groups").gauge().value()).isZero();
    assertThat(METERS.get("urteil.engine.used.slots").gauge().value()).isZero();
    assertThat(METERS.get("urteil.engine.waiting.requests").gauge().value()).isZero();
    assertThat(METERS.get("urteil.engine.tokens").tag("type", "sampled").functionCounter().count())
        .isGreaterThanOrEqualTo(rollouts);
  }

  @Test
  void shouldShowThemToPrometheus() {
    // When
    String scrape = METERS.scrape();

    // Then
    assertThat(REFUSED).noneMatch(name -> name.startsWith("urteil."));
    assertThat(scrape)
        .contains("urteil_judge_judgements_total{cause=\"none\",component=\"judge-worker\"")
        .contains("urteil_judge_latency_seconds_bucket{")
        .contains("urteil_topology_oldest_group_age_seconds{run=\"any-model\",} 0.0")
        .contains("kafka_consumer_fetch_manager_records_lag_max{")
        .contains("kafka_stream_thread_process_rate{");
  }

  private static double count(String name) {
    return METERS.get(name).counters().stream().mapToDouble(Counter::count).sum();
  }

  private static Set<String> tags(Meter meter) {
    Set<String> keys = new HashSet<>();
    meter.getId().getTags().forEach(tag -> keys.add(tag.getKey()));
    return keys;
  }

  private static Collection<Rollout> rollouts(List<GroupOutcome> groups) {
    List<RolloutReference> references =
        groups.stream()
            .flatMap(group -> group.getMembers().stream())
            .map(OutcomeMember::getRollout)
            .map(Objects::requireNonNull)
            .toList();
    try (RolloutReader reader = new RolloutReader(place)) {
      return reader.read(references).values().stream()
          .map(payload -> ((Payload.Found) payload).rollout())
          .toList();
    }
  }

  private static String weightsHash(Checkpoint checkpoint) {
    return checkpoint.getFiles().stream()
        .filter(file -> file.getName().equals("model.safetensors"))
        .findFirst()
        .orElseThrow()
        .getSha256();
  }
}
