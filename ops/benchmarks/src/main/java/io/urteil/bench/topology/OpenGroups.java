package io.urteil.bench.topology;

import io.urteil.event.Clients;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Ids;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.EventCodec;
import io.urteil.event.Place;
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
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What many groups that wait for a member cost.
 *
 * @param groups open at the same time
 * @param members rollouts of each that are there, of 8
 * @param residentMegabytes memory of the topology's process
 * @param openedPerSecond groups opened a second, rollouts included
 * @param longestPunctuationMillis the longest tick of the clock while further groups expired
 * @param restartSeconds from SIGKILL until a group that was sent then has closed; NaN where not
 *     measured
 * @param changelogMegabytes what had to be read again for it
 */
record OpenGroups(
    int groups,
    int members,
    double residentMegabytes,
    double openedPerSecond,
    double longestPunctuationMillis,
    double restartSeconds,
    double changelogMegabytes) {

  private static final int SMALL = 600;
  private static final int EXPIRING = 4_000;
  private static final Duration LONG = Duration.ofHours(2);
  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final Duration RESTART_LIMIT = Duration.ofMinutes(3);

  static OpenGroups measure(
      Place place, Service topology, String runId, int groups, int members, boolean restart) {
    Rollouts source = new Rollouts(runId, SMALL);
    try (EventProducer producer = EventProducer.idempotent(place);
        Admin admin = Admin.create(Clients.admin(place, Duration.ofSeconds(20)))) {
      long begin = System.nanoTime();
      for (long ordinal = 0; ordinal < groups; ordinal++) {
        Throughput.sendGroup(producer, source, ordinal, LONG, members);
      }
      producer.flush();
      awaitRead(admin, place, topology);
      double seconds = (System.nanoTime() - begin) / 1e9;
      double punctuation = expire(producer, place, source, topology, groups);
      double resident = topology.residentMegabytes();
      double changelog = Double.NaN;
      double restarted = Double.NaN;
      if (restart) {
        try (Written written = new Written(place)) {
          changelog = written.size(place.named("topology") + "-") / 1e6;
        }
        restarted = restart(producer, place, source, topology, groups + EXPIRING);
      }
      return new OpenGroups(
          groups, members, resident, groups / seconds, punctuation, restarted, changelog);
    }
  }

  /** Closes further groups by their deadline, and times the clock meanwhile. */
  private static double expire(
      EventProducer producer, Place place, Rollouts source, Service topology, int from) {
    try (StreamsGauge gauge = new StreamsGauge(topology.pid());
        OutcomeTail tail = new OutcomeTail(place)) {
      for (long ordinal = from; ordinal < from + EXPIRING; ordinal++) {
        Throughput.sendGroup(producer, source, ordinal, SHORT, 1);
      }
      producer.flush();
      Set<Long> expired = new HashSet<>();
      long deadline = System.nanoTime() + LIMIT.toNanos();
      double longest = 0;
      while (expired.size() < EXPIRING && System.nanoTime() < deadline) {
        tail.poll().forEach(group -> expired.add(group.getOrdinal()));
        longest = Math.max(longest, gauge.longestPunctuationMillis());
      }
      if (expired.size() < EXPIRING) {
        throw new IllegalStateException(
            "%d groups expired (expected: %d)".formatted(expired.size(), EXPIRING));
      }
      return longest;
    }
  }

  private static double restart(
      EventProducer producer, Place place, Rollouts source, Service topology, long ordinal) {
    try (OutcomeTail tail = new OutcomeTail(place)) {
      long begin = System.nanoTime();
      topology.killAndRestart();
      Throughput.sendGroup(producer, source, ordinal, LONG, Rollouts.PER_GROUP);
      for (int index = 0; index < Rollouts.PER_GROUP; index++) {
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
  private static void awaitRead(Admin admin, Place place, Service topology) {
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
      Service.sleep(100);
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

    private final KafkaConsumer<String, byte[]> consumer;
    private final EventCodec codec = new EventCodec();

    OutcomeTail(Place place) {
      consumer = new KafkaConsumer<>(Clients.consumer(place));
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topic.GROUPS.in(place)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
    }

    List<GroupOutcome> poll() {
      List<GroupOutcome> groups = new java.util.ArrayList<>();
      consumer
          .poll(Duration.ofMillis(100))
          .forEach(record -> groups.add(codec.decode(record.value(), GroupOutcome.class)));
      return groups;
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
