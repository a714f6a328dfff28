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
 * Sends the rollouts of a past run through another judge, into topics of their own:
 *
 * <ol>
 *   <li>the run file with the other judge is published under another prefix, under the run's id and
 *       without batches;
 *   <li>every rollout that a closed group had is sent there once, with a prompt for just these
 *       members and a day's time;
 *   <li>a judge worker and a topology of that prefix, in this process, make judgements and rewards;
 *   <li>when every group has closed there, both judges are compared.
 * </ol>
 *
 * <p>Everything goes over the log, so a call that is stopped goes on when it is made again. The
 * run's own topics are only read.
 */
public final class RejudgeSession {

  private static final Duration DEADLINE = Duration.ofHours(24);
  private static final int GROUPS_AT_A_TIME = 64;

  private final Namespace from;
  private final Namespace into;
  private final String runId;
  private final String judge;
  private final String against;
  private final RunFile file;
  private long rollouts;
  private long expired;

  /**
   * @param text of a run file that has the judge
   * @param judge its name there
   * @param against the judge of the run to compare with; null for the one that its rewards price
   * @throws IllegalArgumentException when one of them is not there
   */
  public RejudgeSession(
      Namespace from,
      Namespace into,
      String runId,
      String text,
      String judge,
      @Nullable String against) {
    if (into.prefix().equals(from.prefix())) {
      throw new IllegalArgumentException(
          "--into: '%s' (expected: another prefix than the run's)".formatted(into.prefix()));
    }
    this.from = from;
    this.into = into;
    this.runId = runId;
    this.judge = judge;
    RunFile past = published(from, runId);
    this.against = against == null ? past.reward().judge() : against;
    if (!past.judges().containsKey(this.against)) {
      throw new IllegalArgumentException(
          "--against: '%s' (expected: a judge of the run, which are %s)"
              .formatted(this.against, past.judges().keySet()));
    }
    this.file = fileFor(text, runId, judge);
    if (!file.judges().containsKey(judge)) {
      throw new IllegalArgumentException(
          "--judge: '%s' (expected: a judge of the run file, which are %s)"
              .formatted(judge, file.judges().keySet()));
    }
  }

  /**
   * The run file under which a past run is judged again. Its reward prices the judge, unless it
   * names another one than the first.
   */
  static RunFile fileFor(String text, String runId, String judge) {
    RunFile file = RunFileReader.read("run file", text);
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

  private static RunFile published(Namespace place, String runId) {
    PartitionBounds.of(place);
    try (RunRegistry runs = new RunRegistry(place)) {
      return runs.find(runId)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "RUN: no run '%s' at %s (expected: one of %s)"
                          .formatted(runId, place.bootstrap(), runs.all().keySet())));
    }
  }

  /**
   * Judges everything again and compares.
   *
   * @param progress told the number of groups that are done
   * @param begun told the number of groups there are
   */
  public RejudgeReport run(LongConsumer begun, LongConsumer progress) {
    long begin = System.nanoTime();
    publish();
    Map<String, GroupOutcome> groups = closedGroups();
    Set<String> sent = send(groups);
    begun.accept(sent.size());
    ProcessSettings settings = ProcessSettings.ofProcess();
    try (TopologyComponent topology = new TopologyComponent(into, settings.topology());
        JudgeWorker worker = new JudgeWorker(into, settings.judge())) {
      topology.start();
      worker.start();
      awaitGroups(sent, List.of(topology, worker), progress);
    }
    return new RejudgeReport(
        runId,
        judge,
        against,
        file.hash(),
        into.prefix(),
        sent.size(),
        rollouts,
        expired,
        (System.nanoTime() - begin) / 1e9,
        Agreement.of(
            JudgedRollouts.judgements(from, Topic.JUDGEMENTS, runId, against),
            JudgedRollouts.judgements(into, Topic.JUDGEMENTS, runId, judge),
            JudgedRollouts.rewards(from, runId),
            JudgedRollouts.rewards(into, runId)));
  }

  private void publish() {
    TopicCreator.create(into);
    try (RunRegistry runs = new RunRegistry(into)) {
      runs.find(runId)
          .filter(begun -> !begun.hash().equals(file.hash()))
          .ifPresent(
              begun -> {
                throw new IllegalArgumentException(
                    "--into: '%s' holds a judging of '%s' under run file %s (expected: %s, or another prefix)"
                        .formatted(into.prefix(), runId, begun.hash(), file.hash()));
              });
    }
    try (EventProducer producer = EventProducer.idempotent(into)) {
      RunRegistry.publish(producer, file);
    }
  }

  private Map<String, GroupOutcome> closedGroups() {
    Map<String, GroupOutcome> groups = new LinkedHashMap<>();
    new EventLog(from)
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

  /** The groups that are on the other topics now. */
  private Set<String> send(Map<String, GroupOutcome> groups) {
    Map<String, Prompt> prompts = new LinkedHashMap<>();
    new EventLog(from)
        .scan(
            Topic.PROMPTS,
            Prompt.class,
            runId,
            found -> prompts.putIfAbsent(found.event().getGroupId(), found.event()));
    Set<String> there = membersThere();
    Set<String> sent = new HashSet<>();
    List<GroupOutcome> all = new ArrayList<>(groups.values());
    try (EventProducer producer = EventProducer.idempotent(into);
        RolloutReader reader = new RolloutReader(from)) {
      for (int at = 0; at < all.size(); at += GROUPS_AT_A_TIME) {
        List<GroupOutcome> some = all.subList(at, Math.min(all.size(), at + GROUPS_AT_A_TIME));
        Map<RolloutReference, Payload> payloads = reader.read(references(some));
        for (GroupOutcome outcome : some) {
          if (send(outcome, prompts.get(outcome.getGroupId()), payloads, there, producer)) {
            sent.add(outcome.getGroupId());
          }
        }
        producer.flush();
      }
    }
    return sent;
  }

  private Set<String> membersThere() {
    Set<String> there = new HashSet<>();
    new EventLog(into)
        .scan(Topic.ROLLOUTS, Rollout.class, runId, found -> there.add(member(found.event())));
    return there;
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

  private boolean send(
      GroupOutcome outcome,
      @Nullable Prompt asked,
      Map<RolloutReference, Payload> payloads,
      Set<String> there,
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
    if (found.stream().allMatch(rollout -> there.contains(member(rollout)))) {
      return true;
    }
    producer.send(Topic.PROMPTS, outcome.getGroupId(), prompt(outcome, asked, found));
    for (Rollout rollout : found) {
      if (!there.contains(member(rollout))) {
        producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout);
      }
    }
    return true;
  }

  /** Asks for just these rollouts, which are there, and leaves a day to judge them. */
  private static Prompt prompt(GroupOutcome outcome, @Nullable Prompt asked, List<Rollout> found) {
    Map<String, PromptArm> arms = new LinkedHashMap<>();
    if (asked != null) {
      asked.getArms().forEach(arm -> arms.put(arm.getName(), arm));
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
      Set<String> wanted, List<ServiceComponent> parts, LongConsumer progress) {
    Set<String> open = new HashSet<>(wanted);
    try (LogFollower groups = new EventLog(into).followFromTheBeginning(Topic.GROUPS)) {
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
        for (ServiceComponent part : parts) {
          if (part.health() instanceof ServiceComponent.Health.Broken(Throwable cause)) {
            throw new IllegalStateException(part.name() + " stopped: " + cause.getMessage(), cause);
          }
        }
      }
    }
  }
}
