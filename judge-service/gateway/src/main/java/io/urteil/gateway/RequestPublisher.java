package io.urteil.gateway;

import io.urteil.event.EventProducer;
import io.urteil.event.RequestPhase;
import io.urteil.event.RewardRequest;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.gateway.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes each submitted member once, whichever gateways it is submitted to, and however often:
 *
 * <ol>
 *   <li>a claim goes to the topic {@code requests},
 *   <li>when this gateway reads it there, the first claim of each member decides,
 *   <li>the rollouts of the members that it won go to the topic {@code rollouts},
 *   <li>a second record confirms them.
 * </ol>
 *
 * <p>When the second record of another gateway does not come, a repeated submission takes the
 * members over in the same way, looks which rollouts are in the topic, and publishes the others.
 * Thread-safe.
 */
final class RequestPublisher {

  private static final Logger LOGGER = LoggerFactory.getLogger(RequestPublisher.class);

  /** Extra time after the deadline of a group before it no longer counts as open. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private record Pending(
      RequestPhase phase, List<PreparedMember> members, CompletableFuture<@Nullable Void> done) {}

  private final String gateway;
  private final EventProducer producer;
  private final GroupRecords records;
  private final RequestLedger ledger;
  private final OpenGroups open;
  private final Duration takeOverAfter;
  private final Executor executor;
  private final AtomicLong sequences = new AtomicLong();
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final Set<Long> inProgress = ConcurrentHashMap.newKeySet();

  /**
   * @param gateway id of this process, different from that of every other
   * @param executor of blocking work
   */
  RequestPublisher(
      String gateway,
      EventProducer producer,
      GroupRecords records,
      RequestLedger ledger,
      OpenGroups open,
      Duration takeOverAfter,
      Executor executor) {
    this.gateway = gateway;
    this.producer = producer;
    this.records = records;
    this.ledger = ledger;
    this.open = open;
    this.takeOverAfter = takeOverAfter;
    this.executor = executor;
  }

  /**
   * What has to be published of a group.
   *
   * @param all the submitted members
   * @param unclaimed members that no gateway has claimed
   * @param abandoned members by the gateway that claimed them and did not publish them
   * @param unsent whether other members are claimed and not yet published
   */
  record Plan(
      Tenant tenant,
      GroupName name,
      List<PreparedMember> all,
      List<PreparedMember> unclaimed,
      Map<String, List<PreparedMember>> abandoned,
      boolean unsent,
      Duration deadline) {

    /** The members that it publishes. */
    List<PreparedMember> added() {
      List<PreparedMember> added = new ArrayList<>(unclaimed);
      abandoned.values().forEach(added::addAll);
      return added;
    }

    /** What it adds to the open groups. */
    Optional<OpenGroups.Addition> addition() {
      List<PreparedMember> added = added();
      return added.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new OpenGroups.Addition(
                  name,
                  added.stream().mapToLong(PreparedMember::bytes).sum(),
                  deadline.plus(GRACE)));
    }
  }

  /**
   * Decides what has to be published; publishes nothing.
   *
   * @param deadline of the group, after its first record
   * @throws RefusedException if a member is known with another content, or the group has closed
   */
  Plan plan(Tenant tenant, GroupName name, List<PreparedMember> members, Duration deadline) {
    @Nullable RequestedGroup known = ledger.find(name).orElse(null);
    List<PreparedMember> unclaimed = new ArrayList<>();
    Map<String, List<PreparedMember>> abandoned = new LinkedHashMap<>();
    boolean unsent = false;
    for (PreparedMember member : members) {
      RequestedGroup.@Nullable Claim claim = known == null ? null : known.claim(member.slot());
      if (known == null || claim == null) {
        unclaimed.add(member);
      } else if (!claim.hash().equals(member.requested().getHash())) {
        throw conflict(name, member);
      } else if (!claim.sent() && !known.isClosed()) {
        if (isAbandoned(claim, known, member.slot())) {
          abandoned.computeIfAbsent(claim.gateway(), owner -> new ArrayList<>()).add(member);
        } else {
          unsent = true;
        }
      }
    }
    if (known != null && !unclaimed.isEmpty()) {
      requireOpen(known, unclaimed.getFirst().rollout());
    }
    return new Plan(tenant, name, members, unclaimed, abandoned, unsent, deadline);
  }

  /**
   * Publishes what is planned.
   *
   * @return completes when it is published; exceptionally with a {@link RefusedException}
   */
  CompletableFuture<@Nullable Void> publish(Plan plan) {
    if (plan.unsent()) {
      CompletableFuture.delayedExecutor(takeOverAfter.toMillis(), TimeUnit.MILLISECONDS, executor)
          .execute(() -> publishAbandoned(plan));
    }
    List<CompletableFuture<@Nullable Void>> steps = new ArrayList<>();
    if (!plan.unclaimed().isEmpty()) {
      steps.add(step(plan.name(), RequestPhase.CLAIMED, null, plan.unclaimed()));
    }
    plan.abandoned()
        .forEach(
            (owner, left) -> steps.add(step(plan.name(), RequestPhase.TAKEN_OVER, owner, left)));
    return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new));
  }

  /** Looks again whether members that another gateway has claimed are published. */
  private void publishAbandoned(Plan earlier) {
    try {
      Plan plan = plan(earlier.tenant(), earlier.name(), earlier.all(), earlier.deadline());
      open.admit(plan.tenant(), plan.addition().stream().toList(), () -> {});
      if (!plan.abandoned().isEmpty() || plan.unsent()) {
        var unused = publish(plan);
      }
    } catch (RefusedException e) {
      LOGGER
          .atWarn()
          .addKeyValue("group", earlier.name())
          .addKeyValue("reason", e.getMessage())
          .log("cannot continue for another gateway");
    }
  }

  private boolean isAbandoned(RequestedGroup.Claim claim, RequestedGroup group, MemberSlot slot) {
    return claim.gateway().equals(gateway)
        ? !inProgress.contains(claim.sequence())
        : group.claimAgeNanos(slot) >= takeOverAfter.toNanos();
  }

  private static void requireOpen(RequestedGroup group, Rollout rollout) {
    if (!group.hasShape(rollout.getArms(), rollout.getSamplesPerArm())) {
      throw new RefusedException(
          new Refusal.Conflict(
              "%s: %d members in each of %s (expected: %s, as submitted before)"
                  .formatted(
                      group.name(), rollout.getSamplesPerArm(), rollout.getArms(), group.shape())));
    }
    if (group.isCancelled() || group.isClosed()) {
      throw new RefusedException(
          new Refusal.Conflict(
              "%s: %s (expected: no further members, or another id)"
                  .formatted(group.name(), group.isCancelled() ? "cancelled" : "closed")));
    }
  }

  private static RefusedException conflict(GroupName name, PreparedMember member) {
    return new RefusedException(
        new Refusal.Conflict(
            "%s, member %d of arm '%s': submitted before with another content (expected: the same content, or another id)"
                .formatted(name, member.requested().getIndex(), member.requested().getArm())));
  }

  private CompletableFuture<@Nullable Void> step(
      GroupName name, RequestPhase phase, @Nullable String previous, List<PreparedMember> members) {
    long sequence = sequences.incrementAndGet();
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    inProgress.add(sequence);
    pending.put(sequence, new Pending(phase, members, done));
    send(request(name, phase, sequence, members).setPrevious(previous).build())
        .whenComplete(
            (sent, failure) -> {
              if (failure != null && pending.remove(sequence) != null) {
                done.completeExceptionally(unavailable(failure));
              }
            });
    return done.whenComplete(
        (published, failure) -> {
          if (failure != null) {
            inProgress.remove(sequence);
          }
        });
  }

  /** This gateway has read that a step of its own is done. */
  void onOwnSent(RewardRequest request) {
    inProgress.remove(request.getSequence());
  }

  /** This gateway has read a claim or takeover of its own, after it was applied to the ledger. */
  void onOwnStep(RewardRequest request, RequestedGroup group) {
    Pending step = pending.remove(request.getSequence());
    if (step == null) {
      return;
    }
    List<PreparedMember> won = new ArrayList<>();
    @Nullable RefusedException conflict = null;
    for (PreparedMember member : step.members()) {
      RequestedGroup.@Nullable Claim claim = group.claim(member.slot());
      if (claim == null) {
        continue;
      }
      if (!claim.hash().equals(member.requested().getHash())) {
        conflict = conflict(group.name(), member);
      } else if (claim.gateway().equals(gateway) && claim.sequence() == request.getSequence()) {
        won.add(member);
      }
    }
    @Nullable RefusedException refused = conflict;
    CompletableFuture<@Nullable Void> sent =
        step.phase() == RequestPhase.TAKEN_OVER
            ? CompletableFuture.runAsync(() -> {}, executor)
                .thenCompose(ignored -> publish(group, request, won, missing(group, won)))
            : publish(group, request, won, won);
    sent.whenComplete(
        (published, failure) -> {
          if (failure != null) {
            step.done().completeExceptionally(unavailable(failure));
          } else if (refused != null) {
            step.done().completeExceptionally(refused);
          } else {
            step.done().complete(null);
          }
        });
  }

  private CompletableFuture<@Nullable Void> publish(
      RequestedGroup group,
      RewardRequest request,
      List<PreparedMember> won,
      List<PreparedMember> members) {
    if (won.isEmpty()) {
      inProgress.remove(request.getSequence());
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<?>[] rollouts =
        members.stream()
            .map(member -> producer.sendAsync(Topic.ROLLOUTS, group.name().id(), member.rollout()))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(rollouts)
        .thenCompose(
            acknowledged -> {
              RewardRequest sent =
                  RewardRequest.newBuilder(request)
                      .setPhase(RequestPhase.SENT)
                      .setPrevious(null)
                      .setMembers(won.stream().map(PreparedMember::requested).toList())
                      .setCreatedAt(Instant.now())
                      .build();
              return send(sent).thenApply(ignored -> null);
            });
  }

  /** The members whose rollouts are not in the topic. */
  private List<PreparedMember> missing(RequestedGroup group, List<PreparedMember> members) {
    Set<MemberSlot> found =
        records.read(group.name(), group.since(), Topic.ROLLOUTS, Rollout.class).stream()
            .map(rollout -> new MemberSlot(rollout.getArm(), rollout.getIndex()))
            .collect(Collectors.toSet());
    return members.stream().filter(member -> !found.contains(member.slot())).toList();
  }

  /** Publishes that no client waits for the group. */
  CompletableFuture<@Nullable Void> cancel(GroupName name) {
    return send(request(name, RequestPhase.CANCELLED, sequences.incrementAndGet(), List.of())
            .build())
        .thenApply(ignored -> null);
  }

  private CompletableFuture<?> send(RewardRequest request) {
    return producer.sendAsync(Topic.REQUESTS, request.getGroupId(), request);
  }

  private RewardRequest.Builder request(
      GroupName name, RequestPhase phase, long sequence, List<PreparedMember> members) {
    RewardRequest.Builder request =
        RewardRequest.newBuilder()
            .setRunId(name.run())
            .setGroupId(name.id())
            .setPhase(phase)
            .setGateway(gateway)
            .setSequence(sequence)
            .setMembers(members.stream().map(PreparedMember::requested).toList())
            .setCreatedAt(Instant.now());
    if (!members.isEmpty()) {
      Rollout first = members.getFirst().rollout();
      request.setArms(first.getArms()).setSamplesPerArm(first.getSamplesPerArm());
    }
    return request;
  }

  /** What a client receives for a failure. */
  static RefusedException refusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RefusedException refused ? refused : unavailable(failure);
  }

  private static RefusedException unavailable(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return new RefusedException(
        new Refusal.Unavailable("the broker did not take the group: " + cause.getMessage()));
  }
}
