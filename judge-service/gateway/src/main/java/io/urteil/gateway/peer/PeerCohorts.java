package io.urteil.gateway.peer;

import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;
import io.urteil.event.RewardStatus;
import io.urteil.gateway.GroupName;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.cohort.CohortSlot;
import io.urteil.gateway.http.TenantGateway;
import io.urteil.run.RunFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges samples together with those of the same prompt that other requests submit. The life of a
 * request:
 *
 * <ol>
 *   <li>Each sample joins a cohort, and waits until it is formed. Samples have the identity of the
 *       idempotency key, or else of their content.
 *   <li>It is submitted as the member of a group that its slot names, to whichever gateway the
 *       request or its repetition comes.
 *   <li>The request is held until its groups are closed.
 * </ol>
 */
final class PeerCohorts {

  private PeerCohorts() {}

  /** The rewards of samples; completes within the time to hold them. */
  static CompletableFuture<Reply> judged(
      TenantGateway gateway,
      RunFile run,
      String path,
      PeerCall call,
      List<PeerGroup> samples,
      Duration hold) {
    long end = System.nanoTime() + hold.toNanos();
    Map<String, List<Integer>> prompts = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      requirePrompt(run, path, samples.get(i));
      prompts
          .computeIfAbsent(prompt(path, call, samples.get(i)), added -> new ArrayList<>())
          .add(i);
    }
    List<CompletableFuture<Optional<Map<Integer, CohortSlot>>>> joined = new ArrayList<>();
    prompts.forEach(
        (prompt, positions) ->
            joined.add(
                gateway
                    .join(
                        run,
                        prompt,
                        positions.stream().map(i -> identity(call, samples.get(i), i)).toList(),
                        positions.stream().mapToLong(i -> bytes(samples.get(i))).sum(),
                        hold)
                    .thenApply(slots -> slots.map(all -> byPosition(positions, all)))));
    return CompletableFuture.allOf(joined.toArray(CompletableFuture[]::new))
        .thenCompose(
            all -> {
              Map<Integer, CohortSlot> slots =
                  joined.stream()
                      .flatMap(each -> each.join().stream())
                      .flatMap(each -> each.entrySet().stream())
                      .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
              return slots.size() < samples.size()
                  ? CompletableFuture.completedFuture(new Reply.Pending())
                  : submitted(
                      gateway,
                      run,
                      path,
                      call,
                      members(path, samples, slots),
                      Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            });
  }

  private static void requirePrompt(RunFile run, String path, PeerGroup sample) {
    if (sample.prompt().stream().allMatch(message -> message.content().isBlank())) {
      throw new RefusedException(
          new Refusal.Invalid(
              ("run: '%s' judges the samples of a prompt together, and this request to %s has no"
                      + " prompt (expected: a request with a prompt, or %s)")
                  .formatted(run.run(), path, PeerGroups.GROUPS)));
    }
  }

  /** Equal for the samples that are judged together. */
  static String prompt(String path, PeerCall call, PeerGroup sample) {
    StringBuilder common = new StringBuilder();
    PeerGroups.field(common, path);
    PeerGroups.field(common, call.step());
    PeerGroups.field(common, sample.reference());
    sample
        .prompt()
        .forEach(message -> PeerGroups.field(common, message.role() + ":" + message.content()));
    return PeerGroups.digits(common);
  }

  /** Equal for a repetition of the same sample. */
  static String identity(PeerCall call, PeerGroup sample, int position) {
    StringBuilder content = new StringBuilder();
    if (call.key() == null) {
      PeerGroups.field(content, sample.completions().getFirst());
    } else {
      PeerGroups.field(content, call.key());
      PeerGroups.field(content, String.valueOf(position));
    }
    return PeerGroups.digits(content);
  }

  private static long bytes(PeerGroup sample) {
    return sample.completions().getFirst().length()
        + sample.prompt().stream().mapToLong(message -> message.content().length()).sum();
  }

  private static Map<Integer, CohortSlot> byPosition(
      List<Integer> positions, List<CohortSlot> slots) {
    Map<Integer, CohortSlot> all = new LinkedHashMap<>();
    for (int i = 0; i < positions.size(); i++) {
      all.put(positions.get(i), slots.get(i));
    }
    return all;
  }

  /** Each sample as a member of the group that its slot names. */
  private static List<PeerGroup> members(
      String path, List<PeerGroup> samples, Map<Integer, CohortSlot> slots) {
    List<PeerGroup> members = new ArrayList<>();
    for (PeerGroup sample : samples) {
      CohortSlot slot = Objects.requireNonNull(slots.get(members.size()), "slot");
      members.add(
          new PeerGroup(
              path.substring(1) + "/" + slot.cohort(),
              sample.prompt(),
              sample.completions(),
              List.of(slot.index()),
              slot.size(),
              sample.reference()));
    }
    return members;
  }

  private static CompletableFuture<Reply> submitted(
      TenantGateway gateway,
      RunFile run,
      String path,
      PeerCall call,
      List<PeerGroup> members,
      Duration hold) {
    return CompletableFuture.completedFuture(members)
        .thenCompose(all -> PeerGroups.judged(gateway, run, path, call, all, hold))
        .exceptionallyCompose(
            failure -> {
              CompletableFuture<Reply> failed = CompletableFuture.failedFuture(failure);
              return isConflict(failure)
                  ? missing(gateway, run, members)
                      .thenCompose(
                          reply -> reply.map(CompletableFuture::completedFuture).orElse(failed))
                  : failed;
            });
  }

  private static boolean isConflict(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RefusedException refused
        && refused.refusal() instanceof Refusal.Conflict;
  }

  /** The reply if a group has closed before its member was submitted; empty if none has. */
  private static CompletableFuture<Optional<Reply>> missing(
      TenantGateway gateway, RunFile run, List<PeerGroup> members) {
    List<GroupName> names =
        members.stream()
            .map(member -> new GroupName(run.run(), String.valueOf(member.id())))
            .toList();
    return gateway
        .outcomes(names, Duration.ZERO)
        .thenApply(
            closed -> {
              for (int i = 0; i < members.size(); i++) {
                @Nullable GroupOutcome outcome = closed.get(names.get(i));
                int index = members.get(i).indexes().getFirst();
                if (outcome != null && isMissing(outcome, index)) {
                  return Optional.of(
                      new Reply.Failed(
                          "missing: the group closed before this sample was submitted"));
                }
              }
              return Optional.empty();
            });
  }

  /** Whether the group has closed without a rollout of this member. */
  static boolean isMissing(GroupOutcome outcome, int index) {
    return outcome.getMembers().stream()
        .filter(member -> member.getIndex() == index)
        .map(OutcomeMember::getRewardStatus)
        .allMatch(RewardStatus.MISSING::equals);
  }
}
