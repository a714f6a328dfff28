package io.urteil.bench.topology;

import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Ids;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.event.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Many open groups, with missing members, in one topology. The methods are called in the order of
 * their declaration. Not thread-safe.
 */
final class OpenGroups implements AutoCloseable {

  private static final int SMALL = 600;
  private static final Duration LONG = Duration.ofHours(2);
  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final Duration RESTART_LIMIT = Duration.ofMinutes(3);

  private final Namespace namespace;
  private final ServiceProcess topology;
  private final int groups;
  private final int members;
  private final ProgressNotes steps;
  private final SyntheticRollouts source;
  private final EventProducer producer;
  private final Admin admin;
  private long nextOrdinal;

  /**
   * @param groups number of concurrently open groups
   * @param members published rollouts of each group, of 8
   */
  OpenGroups(
      Namespace namespace,
      ServiceProcess topology,
      String runId,
      int groups,
      int members,
      ProgressNotes steps) {
    this.namespace = namespace;
    this.topology = topology;
    this.groups = groups;
    this.members = members;
    this.steps = steps;
    this.source = new SyntheticRollouts(runId, SMALL);
    this.producer = EventProducer.idempotent(namespace);
    this.admin = Admin.create(KafkaClientSettings.admin(namespace, Duration.ofSeconds(20)));
  }

  int groups() {
    return groups;
  }

  int members() {
    return members;
  }

  /**
   * Opens the groups and waits until the topology has processed them.
   *
   * @return opened groups per second, including their rollouts
   */
  double open() {
    steps.report("open-groups: opening %,d with %d of 8 rollouts each", groups, members);
    long begin = System.nanoTime();
    for (; nextOrdinal < groups; nextOrdinal++) {
      Throughput.sendGroup(producer, source, nextOrdinal, LONG, members);
      steps.reportPeriodically("  %,d of %,d sent", nextOrdinal, groups);
    }
    producer.flush();
    awaitRead();
    return groups / ((System.nanoTime() - begin) / 1e9);
  }

  /**
   * Opens further groups and lets them expire.
   *
   * @return the longest punctuation meanwhile, in milliseconds
   */
  double expire(int expiring) {
    try (StreamsGauge gauge = new StreamsGauge(topology.pid());
        OutcomeTail tail = new OutcomeTail(namespace)) {
      long from = nextOrdinal;
      for (; nextOrdinal < from + expiring; nextOrdinal++) {
        Throughput.sendGroup(producer, source, nextOrdinal, SHORT, 1);
      }
      producer.flush();
      Set<Long> expired = new HashSet<>();
      long deadline = System.nanoTime() + LIMIT.toNanos();
      double longest = 0;
      while (expired.size() < expiring && System.nanoTime() < deadline) {
        tail.poll().forEach(group -> expired.add(group.getOrdinal()));
        longest = Math.max(longest, gauge.longestPunctuationMillis());
        steps.reportPeriodically("  %,d of %,d expired", expired.size(), expiring);
      }
      if (expired.size() < expiring) {
        throw new IllegalStateException(
            "%d groups expired (expected: %d)".formatted(expired.size(), expiring));
      }
      return longest;
    }
  }

  /** Size of all changelogs of the topology in MB. */
  double changelogMegabytes() {
    try (BrokerBytesWritten written = new BrokerBytesWritten(namespace)) {
      return written.size(namespace.named("topology") + "-") / 1e6;
    }
  }

  /**
   * Kills the topology.
   *
   * @return seconds from SIGKILL until a group that is sent afterwards closes
   */
  double restart() {
    long ordinal = nextOrdinal++;
    try (OutcomeTail tail = new OutcomeTail(namespace)) {
      long begin = System.nanoTime();
      topology.killAndRestart();
      Throughput.sendGroup(producer, source, ordinal, LONG, SyntheticRollouts.PER_GROUP);
      for (int index = 0; index < SyntheticRollouts.PER_GROUP; index++) {
        Judgement judgement = judgement(source.rollout(ordinal, index));
        producer.send(Topic.JUDGEMENTS, judgement.getGroupId(), judgement);
      }
      producer.flush();
      while (System.nanoTime() - begin < RESTART_LIMIT.toNanos()) {
        if (tail.poll().stream().anyMatch(group -> group.getOrdinal() == ordinal)) {
          return (System.nanoTime() - begin) / 1e9;
        }
      }
      throw new IllegalStateException(
          "no group closed within %d s of a restart".formatted(RESTART_LIMIT.toSeconds()));
    }
  }

  @Override
  public void close() {
    producer.close();
    admin.close(Duration.ofSeconds(1));
  }

  private static Judgement judgement(Rollout rollout) {
    return Judgement.newBuilder()
        .setJudgementId(
            Ids.judgement(rollout.getGroupId(), rollout.getArm(), rollout.getIndex(), 0, "outcome"))
        .setRunId(rollout.getRunId())
        .setGroupId(rollout.getGroupId())
        .setArm(rollout.getArm())
        .setIndex(rollout.getIndex())
        .setPurpose(Purpose.TRAIN)
        .setJudge("outcome")
        .setJudgeVersion("bench/1")
        .setContentHash(rollout.getContentHash())
        .setStatus(JudgementStatus.SCORED)
        .setVerdict(Verdict.newBuilder().setPreference("A").build())
        .setCreatedAt(Instant.now())
        .build();
  }

  /** Waits until the topology has committed the end offsets of its input topics. */
  private void awaitRead() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Set<TopicPartition> partitions = new HashSet<>();
    for (Topic topic : List.of(Topic.PROMPTS, Topic.ROLLOUTS)) {
      for (int partition = 0; partition < topic.partitions(); partition++) {
        partitions.add(new TopicPartition(topic.in(namespace), partition));
      }
    }
    while (System.nanoTime() < deadline) {
      if (!topology.isAlive()) {
        throw new IllegalStateException(
            "the topology process ended (expected: running with all groups)");
      }
      Map<TopicPartition, Long> ends = ends(admin, partitions);
      Map<TopicPartition, OffsetAndMetadata> read = read(admin, namespace.named("topology"));
      boolean done =
          ends.entrySet().stream()
              .allMatch(
                  end -> {
                    OffsetAndMetadata at = read.get(end.getKey());
                    return end.getValue() == 0 || (at != null && at.offset() >= end.getValue());
                  });
      if (done) {
        return;
      }
      steps.reportPeriodically(
          "  %,d of %,d events processed",
          read.entrySet().stream()
              .filter(at -> partitions.contains(at.getKey()))
              .mapToLong(at -> at.getValue().offset())
              .sum(),
          ends.values().stream().mapToLong(Long::longValue).sum());
      ServiceProcess.sleep(100);
    }
    throw new IllegalStateException(
        "the topology has not processed all events after %d min".formatted(LIMIT.toMinutes()));
  }

  private static Map<TopicPartition, Long> ends(Admin admin, Set<TopicPartition> partitions) {
    try {
      return admin
          .listOffsets(
              partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
          .all()
          .get()
          .entrySet()
          .stream()
          .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot read the end offsets of topics", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> read(Admin admin, String group) {
    try {
      return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "cannot read the committed offsets of " + group, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Reads group outcomes that are published from now on. */
  private static final class OutcomeTail implements AutoCloseable {

    private final LogFollower follower;

    OutcomeTail(Namespace namespace) {
      follower = new EventLog(namespace).followFromTheEnd(Topic.GROUPS);
    }

    List<GroupOutcome> poll() {
      List<GroupOutcome> groups = new java.util.ArrayList<>();
      follower.poll(Duration.ofMillis(100), GroupOutcome.class, found -> groups.add(found.event()));
      return groups;
    }

    @Override
    public void close() {
      follower.close();
    }
  }
}
