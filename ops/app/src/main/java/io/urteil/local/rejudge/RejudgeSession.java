package io.urteil.local.rejudge;

import io.urteil.batch.NoBatches;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Ids;
import io.urteil.event.LogFollower;
import io.urteil.event.MemberKey;
import io.urteil.event.Namespace;
import io.urteil.event.OutcomeMember;
import io.urteil.event.PartitionBounds;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReader;
import io.urteil.event.RolloutReader.Payload;
import io.urteil.event.RolloutReference;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.reward.RewardRule;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import io.urteil.worker.JudgeWorkerSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges the rollouts of a past run with another judge, in topics with another prefix:
 *
 * <ol>
 *   <li>publishes the run file with the other judge under the other prefix, with the run's id and
 *       without batches;
 *   <li>copies every rollout of a closed group there once, with a prompt for exactly these members
 *       and a deadline of one day;
 *   <li>runs a judge worker and a topology on that prefix, in this process;
 *   <li>compares both judges when every copied group is closed.
 * </ol>
 *
 * <p>All state is in the topics, so a repeated call resumes a stopped one. The session only reads
 * the topics of the run.
 */
public final class RejudgeSession {

  private static final Duration DEADLINE = Duration.ofHours(24);
  private static final int GROUPS_PER_READ = 64;

  private final Namespace source;
  private final Namespace target;
  private final String runId;
  private final String judge;
  private final String referenceJudge;
  private final RunFile file;
  private long rollouts;
  private long expired;

  /**
   * @param runFile content of a run file with the judge
   * @param judge name of the judge in that run file
   * @param referenceJudge the judge of the run to compare with; null for its primary judge
   * @throws IllegalArgumentException if the run, a judge or a valid prefix is missing
   */
  public RejudgeSession(
      Namespace source,
      Namespace target,
      String runId,
      String runFile,
      String judge,
      @Nullable String referenceJudge) {
    if (target.prefix().equals(source.prefix())) {
      throw new IllegalArgumentException(
          "--target-prefix: '%s' (expected: a prefix other than that of the run)"
              .formatted(target.prefix()));
    }
    this.source = source;
    this.target = target;
    this.runId = runId;
    this.judge = judge;
    RunFile past = published(source, runId);
    this.referenceJudge = referenceJudge == null ? past.reward().judge() : referenceJudge;
    if (!past.judges().containsKey(this.referenceJudge)) {
      throw new IllegalArgumentException(
          "--reference-judge: '%s' (expected: one of %s, the judges of the run)"
              .formatted(this.referenceJudge, past.judges().keySet()));
    }
    this.file = sessionFile(runFile, runId, judge);
    if (!file.judges().containsKey(judge)) {
      throw new IllegalArgumentException(
          "--judge: '%s' (expected: one of %s, the judges of the run file)"
              .formatted(judge, file.judges().keySet()));
    }
  }

  /**
   * The run file of the session. Its reward rule reads the other judge, unless the file explicitly
   * names a judge or composes the reward of parts.
   */
  static RunFile sessionFile(String runFile, String runId, String judge) {
    RunFile file = RunFileReader.read("run file", runFile);
    RewardRule reward = file.reward();
    boolean named = !reward.judge().equals(file.judges().firstEntry().getKey());
    return file.edit()
        .run(runId)
        .group(group -> group.withDeadline(DEADLINE).withOnMissing(new OnMissing.Drop()))
        .batch(batch -> batch.withKind(new NoBatches()))
        .reward(
            named || !file.judges().containsKey(judge) || !reward.parts().isEmpty()
                ? reward
                : reward.withJudge(judge))
        .build();
  }

  private static RunFile published(Namespace namespace, String runId) {
    PartitionBounds.of(namespace);
    try (RunRegistry runs = new RunRegistry(namespace)) {
      return runs.find(runId)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "RUN: no run '%s' at %s (expected: one of %s)"
                          .formatted(runId, namespace.bootstrap(), runs.all().keySet())));
    }
  }

  /**
   * Judges all copied rollouts and compares. Blocks until every copied group is closed.
   *
   * @param progress receives the number of closed groups, on this thread
   * @param started receives the number of copied groups
   */
  public RejudgeReport run(LongConsumer started, LongConsumer progress) {
    return run(ProcessSettings.ofProcess().judge(), started, progress);
  }

  /** As {@link #run(LongConsumer, LongConsumer)}, with other settings of the judge worker. */
  public RejudgeReport run(
      JudgeWorkerSettings judges, LongConsumer started, LongConsumer progress) {
    long begin = System.nanoTime();
    publish();
    Map<String, GroupOutcome> groups = closedGroups();
    Set<String> copied = copy(groups);
    started.accept(copied.size());
    ProcessSettings settings = ProcessSettings.ofProcess();
    try (TopologyComponent topology = new TopologyComponent(target, settings.topology());
        JudgeWorker worker = new JudgeWorker(target, judges)) {
      topology.start();
      worker.start();
      awaitGroups(copied, List.of(topology, worker), progress);
    }
    return new RejudgeReport(
        runId,
        judge,
        referenceJudge,
        file.hash(),
        target.prefix(),
        copied.size(),
        rollouts,
        expired,
        (System.nanoTime() - begin) / 1e9,
        Agreement.of(
            JudgedRollouts.judgements(source, Topic.JUDGEMENTS, runId, referenceJudge),
            JudgedRollouts.judgements(target, Topic.JUDGEMENTS, runId, judge),
            JudgedRollouts.rewards(source, runId),
            JudgedRollouts.rewards(target, runId)));
  }

  private void publish() {
    TopicCreator.create(target);
    try (RunRegistry runs = new RunRegistry(target)) {
      runs.find(runId)
          .filter(started -> !started.hash().equals(file.hash()))
          .ifPresent(
              started -> {
                throw new IllegalArgumentException(
                    "--target-prefix: '%s' contains a rejudge session of '%s' with run file %s (expected: run file %s, or another prefix)"
                        .formatted(target.prefix(), runId, started.hash(), file.hash()));
              });
    }
    try (EventProducer producer = EventProducer.idempotent(target)) {
      RunRegistry.publish(producer, file);
    }
  }

  private Map<String, GroupOutcome> closedGroups() {
    Map<String, GroupOutcome> groups = new LinkedHashMap<>();
    new EventLog(source)
        .scan(
            Topic.GROUPS,
            GroupOutcome.class,
            runId,
            found -> {
              GroupOutcome outcome = found.event();
              if (outcome.getMembers().stream().anyMatch(member -> member.getRollout() != null)) {
                groups.putIfAbsent(outcome.getGroupId(), outcome);
              }
            });
    return groups;
  }

  /**
   * Copies the missing groups and rollouts; returns the ids of all groups under the other prefix.
   */
  private Set<String> copy(Map<String, GroupOutcome> groups) {
    Map<String, Prompt> prompts = new LinkedHashMap<>();
    new EventLog(source)
        .scan(
            Topic.PROMPTS,
            Prompt.class,
            runId,
            found -> prompts.putIfAbsent(found.event().getGroupId(), found.event()));
    Set<String> existing = existingMembers();
    Set<String> copied = new HashSet<>();
    List<GroupOutcome> all = new ArrayList<>(groups.values());
    try (EventProducer producer = EventProducer.idempotent(target);
        RolloutReader reader = new RolloutReader(source)) {
      for (int at = 0; at < all.size(); at += GROUPS_PER_READ) {
        List<GroupOutcome> some = all.subList(at, Math.min(all.size(), at + GROUPS_PER_READ));
        Map<RolloutReference, Payload> payloads = reader.read(references(some));
        for (GroupOutcome outcome : some) {
          if (copy(outcome, prompts.get(outcome.getGroupId()), payloads, existing, producer)) {
            copied.add(outcome.getGroupId());
          }
        }
        producer.flush();
      }
    }
    return copied;
  }

  private Set<String> existingMembers() {
    Set<String> existing = new HashSet<>();
    new EventLog(target)
        .scan(Topic.ROLLOUTS, Rollout.class, runId, found -> existing.add(member(found.event())));
    return existing;
  }

  private static String member(Rollout rollout) {
    return Ids.member(
        rollout.getGroupId(), rollout.getArm(), rollout.getIndex(), rollout.getAttempt());
  }

  private static List<RolloutReference> references(List<GroupOutcome> groups) {
    return groups.stream()
        .flatMap(group -> group.getMembers().stream())
        .map(OutcomeMember::getRollout)
        .filter(Objects::nonNull)
        .toList();
  }

  private boolean copy(
      GroupOutcome outcome,
      @Nullable Prompt original,
      Map<RolloutReference, Payload> payloads,
      Set<String> existing,
      EventProducer producer) {
    List<Rollout> found = new ArrayList<>();
    for (OutcomeMember member : outcome.getMembers()) {
      if (member.getRollout() != null) {
        if (payloads.get(member.getRollout()) instanceof Payload.Found(Rollout rollout)) {
          found.add(rollout);
        } else {
          expired++;
        }
      }
    }
    if (found.isEmpty()) {
      return false;
    }
    rollouts += found.size();
    if (found.stream().allMatch(rollout -> existing.contains(member(rollout)))) {
      return true;
    }
    producer.send(Topic.PROMPTS, outcome.getGroupId(), prompt(outcome, original, found));
    for (Rollout rollout : found) {
      if (!existing.contains(member(rollout))) {
        producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout);
      }
    }
    return true;
  }

  /** A prompt for exactly these existing rollouts, with a deadline of one day. */
  private static Prompt prompt(
      GroupOutcome outcome, @Nullable Prompt original, List<Rollout> found) {
    Map<String, PromptArm> arms = new LinkedHashMap<>();
    if (original != null) {
      original.getArms().forEach(arm -> arms.put(arm.getName(), arm));
    }
    int samples = 1;
    for (Rollout rollout : found) {
      arms.putIfAbsent(
          rollout.getArm(),
          PromptArm.newBuilder()
              .setName(rollout.getArm())
              .setMessages(List.of())
              .setReference(rollout.getReference())
              .build());
      samples = Math.max(samples, rollout.getIndex() + 1);
    }
    return Prompt.newBuilder()
        .setRunId(outcome.getRunId())
        .setGroupId(outcome.getGroupId())
        .setOrdinal(outcome.getOrdinal())
        .setPurpose(outcome.getPurpose())
        .setArms(List.copyOf(arms.values()))
        .setSamplesPerArm(samples)
        .setDeadlineMillis(DEADLINE.toMillis())
        .setPolicyVersion(outcome.getPolicyVersion())
        .setMembers(
            found.stream()
                .map(
                    rollout ->
                        MemberKey.newBuilder()
                            .setArm(rollout.getArm())
                            .setIndex(rollout.getIndex())
                            .setAttempt(rollout.getAttempt())
                            .build())
                .toList())
        .setColumns(outcome.getColumns())
        .setCreatedAt(Instant.now())
        .build();
  }

  private void awaitGroups(
      Set<String> wanted, List<ServiceComponent> components, LongConsumer progress) {
    Set<String> open = new HashSet<>(wanted);
    try (LogFollower groups = new EventLog(target).followFromTheBeginning(Topic.GROUPS)) {
      while (!open.isEmpty()) {
        groups.poll(
            Duration.ofMillis(200),
            GroupOutcome.class,
            found -> {
              if (found.event().getRunId().equals(runId)) {
                open.remove(found.event().getGroupId());
              }
            });
        progress.accept(wanted.size() - open.size());
        for (ServiceComponent component : components) {
          if (component.health() instanceof ServiceComponent.Health.Failed(Throwable cause)) {
            throw new IllegalStateException(
                component.name() + " failed: " + cause.getMessage(), cause);
          }
        }
      }
    }
  }
}
