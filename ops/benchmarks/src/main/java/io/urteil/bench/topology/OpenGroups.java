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
 * Many groups that wait for a member, in one topology. Used by one thread; the steps in this order.
 */
final class OpenGroups implements AutoCloseable {

  private static final int SMALL = 600;
  private static final Duration LONG = Duration.ofHours(2);
  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final Duration RESTART_LIMIT = Duration.ofMinutes(3);

  private final Namespace place;
  private final ServiceProcess topology;
  private final int groups;
  private final int members;
  private final ProgressNotes steps;
  private final SyntheticRollouts source;
  private final EventProducer producer;
  private final Admin admin;
  private long nextOrdinal;

  /**
   * @param groups to be open at the same time
   * @param members rollouts of each that are there, of 8
   */
  OpenGroups(
      Namespace place,
      ServiceProcess topology,
      String runId,
      int groups,
      int members,
      ProgressNotes steps) {
    this.place = place;
    this.topology = topology;
    this.groups = groups;
    this.members = members;
    this.steps = steps;
    this.source = new SyntheticRollouts(runId, SMALL);
    this.producer = EventProducer.idempotent(place);
    this.admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(20)));
  }

  int groups() {
    return groups;
  }

  int members() {
    return members;
  }

  /**
   * Opens them, and waits until the topology holds them all.
   *
   * @return groups opened a second, rollouts included
   */
  double open() {
    steps.say("open-groups: opening %,d with %d of 8 rollouts each", groups, members);
    long begin = System.nanoTime();
    for (; nextOrdinal < groups; nextOrdinal++) {
      Throughput.sendGroup(producer, source, nextOrdinal, LONG, members);
      steps.sayNowAndThen("  %,d of %,d sent", nextOrdinal, groups);
    }
    producer.flush();
    awaitRead();
    return groups / ((System.nanoTime() - begin) / 1e9);
  }

  /**
   * Opens so many more and lets them expire.
   *
   * @return the longest tick of the clock meanwhile, in milliseconds
   */
  double expire(int expiring) {
    try (StreamsGauge gauge = new StreamsGauge(topology.pid());
        OutcomeTail tail = new OutcomeTail(place)) {
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
        steps.sayNowAndThen("  %,d of %,d expired", expired.size(), expiring);
      }
      if (expired.size() < expiring) {
        throw new IllegalStateException(
            "%d groups expired (expected: %d)".formatted(expired.size(), expiring));
      }
      return longest;
    }
  }

  /** The size of all changelogs of the topology. */
  double changelogMegabytes() {
    try (BrokerBytesWritten written = new BrokerBytesWritten(place)) {
      return written.size(place.named("topology") + "-") / 1e6;
    }
  }

  /**
   * Kills the topology.
   *
   * @return seconds from SIGKILL until a group that is sent then has closed
   */
  double restart() {
    long ordinal = nextOrdinal++;
    try (OutcomeTail tail = new OutcomeTail(place)) {
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

  /** Until the topology has committed all that is on its topics. */
  private void awaitRead() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Set<TopicPartition> partitions = new HashSet<>();
    for (Topic topic : List.of(Topic.PROMPTS, Topic.ROLLOUTS)) {
      for (int partition = 0; partition < topic.partitions(); partition++) {
        partitions.add(new TopicPartition(topic.in(place), partition));
      }
    }
    while (System.nanoTime() < deadline) {
      if (!topology.isAlive()) {
        throw new IllegalStateException("the topology ended (expected: that it holds all groups)");
      }
      Map<TopicPartition, Long> ends = ends(admin, partitions);
      Map<TopicPartition, OffsetAndMetadata> read = read(admin, place.named("topology"));
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
      steps.sayNowAndThen(
          "  %,d of %,d events are read",
          read.entrySet().stream()
              .filter(at -> partitions.contains(at.getKey()))
              .mapToLong(at -> at.getValue().offset())
              .sum(),
          ends.values().stream().mapToLong(Long::longValue).sum());
      ServiceProcess.sleep(100);
    }
    throw new IllegalStateException(
        "the topology has not read everything after %d min".formatted(LIMIT.toMinutes()));
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
      throw new IllegalStateException("asking where topics end", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> read(Admin admin, String group) {
    try {
      return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking what " + group + " has read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Reads the outcomes that come from now on. */
  private static final class OutcomeTail implements AutoCloseable {

    private final LogFollower follower;

    OutcomeTail(Namespace place) {
      follower = new EventLog(place).followFromTheEnd(Topic.GROUPS);
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
