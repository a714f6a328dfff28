package io.urteil.gateway.peer;

import io.urteil.event.ContentHash;
import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;
import io.urteil.gateway.GroupName;
import io.urteil.gateway.MemberSlot;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.Submission;
import io.urteil.gateway.SubmittedMember;
import io.urteil.gateway.http.MemberAnswer;
import io.urteil.gateway.http.ServedGateway;
import io.urteil.gateway.http.TenantGateway;
import io.urteil.run.RunFile;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges what a contract of others delivers, and waits. The life of a request:
 *
 * <ol>
 *   <li>It becomes groups. Clients without ids repeat a request after a timeout or a crash, so the
 *       id of a group is its idempotency key, or else a hash of run, step and content: a repetition
 *       is the same group, to whichever gateway it comes.
 *   <li>The groups are submitted together.
 *   <li>The request is held until all are closed, at most for the time that the client waits.
 *   <li>The adapter turns the {@link Reply} into its response.
 * </ol>
 */
final class PeerGroups {

  /** The topology remembers closed groups for longer than the gateway: see GatewaySettings. */
  private static final Duration WINDOW = Duration.ofHours(1);

  private static final int ID_DIGITS = 40;

  /** The contracts that submit groups, for sentences that refuse others. */
  static final String GROUPS =
      "POST /v1/rewards, POST /compare or ORS score_group, which submit groups";

  private PeerGroups() {}

  /**
   * Judges samples of a trainer as the run file states: each alone, or with those of the same
   * prompt that other requests submit. The members of the reply have the order of the samples.
   */
  static CompletionStage<Response> samples(
      String path,
      PeerCall call,
      List<PeerGroup> samples,
      Duration hold,
      Function<Reply, Response> answer) {
    return replied(
        () -> {
          RunFile run = run(call);
          return switch (run.gateway().samples()) {
            case ALONE -> {
              requirePointwise(
                  run, path, "gateway: {samples: by-prompt} in the run file, or " + GROUPS);
              yield judged(ServedGateway.get(), run, path, call, samples, hold);
            }
            case BY_PROMPT ->
                PeerCohorts.judged(ServedGateway.get(), run, path, call, samples, hold);
          };
        },
        answer);
  }

  /** Judges samples, each a group of its own, whatever the run file states. */
  static CompletionStage<Response> alone(
      String path,
      PeerCall call,
      List<PeerGroup> samples,
      Duration hold,
      Function<Reply, Response> answer) {
    return replied(
        () -> {
          RunFile run = run(call);
          requirePointwise(run, path, GROUPS);
          return judged(ServedGateway.get(), run, path, call, samples, hold);
        },
        answer);
  }

  private static void requirePointwise(RunFile run, String path, String expected) {
    if (PeerCall.needsGroups(run)) {
      throw new RefusedException(
          new Refusal.Invalid(
              "run: '%s' judges the members of a group together, and %s submits each sample alone (expected: %s)"
                  .formatted(run.run(), path, expected)));
    }
  }

  /** Judges one group of several members. */
  static <T> CompletionStage<T> together(
      String path, PeerCall call, PeerGroup group, Duration hold, Function<Reply, T> answer) {
    return replied(
        () -> judged(ServedGateway.get(), run(call), path, call, List.of(group), hold), answer);
  }

  private interface Work {
    CompletableFuture<Reply> begin();
  }

  private static <T> CompletionStage<T> replied(Work work, Function<Reply, T> answer) {
    CompletableFuture<Reply> reply;
    try {
      reply = work.begin();
    } catch (RefusedException e) {
      reply = CompletableFuture.completedFuture(new Reply.Refused(e.refusal()));
    }
    return reply.exceptionally(PeerGroups::refused).thenApply(answer);
  }

  private static Reply refused(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RefusedException refused) {
      return new Reply.Refused(refused.refusal());
    }
    throw failure instanceof RuntimeException unchecked
        ? unchecked
        : new CompletionException(failure);
  }

  /** The run; these contracts have no place for the name of an arm. */
  private static RunFile run(PeerCall call) {
    RunFile run = named(call);
    if (run.group().arms().size() > 1) {
      throw new RefusedException(
          new Refusal.Invalid(
              "run: '%s' has the arms %s (expected: one arm, or POST /v1/rewards, whose members name theirs)"
                  .formatted(run.run(), run.group().arms())));
    }
    return run;
  }

  private static RunFile named(PeerCall call) {
    TenantGateway gateway = ServedGateway.get();
    if (call.run() == null) {
      Map<String, RunFile> all = gateway.runs();
      if (all.size() != 1) {
        throw new RefusedException(
            new Refusal.Invalid(
                "run: missing (expected: ?run=NAME in the URL, one of %s)"
                    .formatted(all.keySet().stream().sorted().collect(Collectors.joining(", ")))));
      }
      return all.values().iterator().next();
    }
    return gateway
        .run(call.run())
        .orElseThrow(
            () ->
                new RefusedException(
                    new Refusal.Unknown(
                        "run: '%s' (expected: one of %s)"
                            .formatted(
                                call.run(),
                                gateway.runs().keySet().stream()
                                    .sorted()
                                    .collect(Collectors.joining(", "))))));
  }

  /** Submits groups, or members of them, and waits for their rewards. */
  static CompletableFuture<Reply> judged(
      TenantGateway gateway,
      RunFile run,
      String path,
      PeerCall call,
      List<PeerGroup> groups,
      Duration hold) {
    // Equal samples of one request are one member: they are judged once.
    Map<GroupName, PeerGroup> named = new LinkedHashMap<>();
    List<GroupName> names = new ArrayList<>();
    for (PeerGroup group : groups) {
      GroupName name = new GroupName(run.run(), id(path, call, group, names.size()));
      names.add(name);
      named.merge(name, group, PeerGroup::with);
    }
    List<Submission> submissions = new ArrayList<>();
    named.forEach((name, group) -> submissions.add(submission(name, group)));
    return gateway
        .submit(submissions)
        .thenCompose(published -> gateway.outcomes(named.keySet(), hold))
        .thenApply(
            closed ->
                closed.size() == named.size() ? reply(groups, names, closed) : new Reply.Pending());
  }

  private static Submission submission(GroupName name, PeerGroup group) {
    List<SubmittedMember> members = new ArrayList<>();
    for (int i = 0; i < group.completions().size(); i++) {
      members.add(SubmittedMember.text(group.indexes().get(i), group.completions().get(i)));
    }
    return new Submission(name, group.prompt(), group.reference(), Map.of(), group.size(), members);
  }

  /** The id of a group without one: equal for a repetition of the same request. */
  static String id(String path, PeerCall call, PeerGroup group, int position) {
    if (group.id() != null) {
      return group.id();
    }
    StringBuilder content = new StringBuilder();
    field(content, call.step());
    if (call.key() == null) {
      field(content, String.valueOf(Instant.now().getEpochSecond() / WINDOW.toSeconds()));
      field(content, group.reference());
      group.prompt().forEach(message -> field(content, message.role() + ":" + message.content()));
      group.completions().forEach(completion -> field(content, completion));
    } else {
      field(content, call.key());
      field(content, String.valueOf(position));
    }
    return "%s/%s".formatted(path.substring(1), digits(content));
  }

  /** The hash of fields, as an id. */
  static String digits(StringBuilder fields) {
    return ContentHash.of(fields.toString()).substring(0, ID_DIGITS);
  }

  /** Adds a field, so that different fields are different texts. */
  static void field(StringBuilder all, @Nullable String value) {
    all.append(value == null ? -1 : value.length()).append(':').append(value).append('\n');
  }

  private static Reply reply(
      List<PeerGroup> groups, List<GroupName> names, Map<GroupName, GroupOutcome> outcomes) {
    List<OutcomeMember> members = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      GroupOutcome outcome = Objects.requireNonNull(outcomes.get(names.get(i)));
      Map<MemberSlot, OutcomeMember> slots = new HashMap<>();
      outcome
          .getMembers()
          .forEach(member -> slots.put(new MemberSlot("", member.getIndex()), member));
      for (int index : groups.get(i).indexes()) {
        OutcomeMember member = slots.get(new MemberSlot("", index));
        if (member == null || member.getReward() == null || !Double.isFinite(member.getReward())) {
          return new Reply.Failed(reason(outcome, member));
        }
        members.add(member);
      }
    }
    return new Reply.Scored(members);
  }

  private static String reason(GroupOutcome outcome, @Nullable OutcomeMember member) {
    String reason = member == null ? outcome.getReason() : member.getReason();
    return "%s: %s"
        .formatted(
            member == null ? "missing" : MemberAnswer.status(member.getRewardStatus()),
            reason == null ? "no reward" : reason);
  }
}
