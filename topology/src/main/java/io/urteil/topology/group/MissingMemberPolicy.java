package io.urteil.topology.group;

import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.topology.group.GroupHeader.Retry;
import io.urteil.topology.group.GroupHeader.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Applies the run's {@code group.onMissing} policy before an incomplete group closes. Pure.
 *
 * <ul>
 *   <li>{@code wait}: extends the deadline once.
 *   <li>{@code refill}: requests members again under a higher attempt, if their rollouts are
 *       missing or a judge failed on them. Other members are kept, including those on which a judge
 *       abstained. Of the attempts of a missing member, the first rollout in the topic counts, so
 *       slow rollouts are used. At most {@code maxAttempts} times, at a deadline, or as soon as all
 *       members are judged and some judgements failed.
 *   <li>{@code survivors} with a groupwise judge: extends the deadline once, so that the judge can
 *       judge the members that are present.
 *   <li>{@code drop}: no extension.
 * </ul>
 */
final class MissingMemberPolicy {

  private final OnMissing onMissing;
  private final Set<String> judges;
  private final boolean groupwise;

  /**
   * @param groupwise whether a judge of the run is groupwise: it judged the members together, so
   *     none of them can be replaced afterwards
   */
  MissingMemberPolicy(RunFile run, boolean groupwise) {
    this.onMissing = run.group().onMissing();
    this.judges = run.judges().keySet();
    this.groupwise = groupwise;
  }

  /**
   * An open group with a new deadline.
   *
   * @param requests to publish now
   */
  record Extension(GroupHeader header, List<GroupRequest> requests) {}

  /**
   * The extension of a group at its deadline; empty if it closes.
   *
   * @param due the deadline, in milliseconds since the epoch
   */
  Optional<Extension> atDeadline(GroupHeader header, Roster roster, long due) {
    Times times = header.times();
    return switch (onMissing) {
      case OnMissing.Wait(var atMost) when times.rounds() == 0 ->
          Optional.of(
              new Extension(header.with(extended(times, due, atMost.toMillis())), List.of()));
      case OnMissing.Refill(int maxAttempts)
          when times.rounds() < maxAttempts && header.prompt() != null ->
          Optional.of(refilled(header, header.prompt(), roster, due));
      case OnMissing.Survivors(int perArm)
          when groupwise && header.compared().isEmpty() && hasSurvivors(roster, perArm) ->
          Optional.of(compared(header.with(extended(times, due, times.allowedMillis())), roster));
      case OnMissing.Wait wait -> Optional.empty();
      case OnMissing.Refill refill -> Optional.empty();
      case OnMissing.Survivors survivors -> Optional.empty();
      case OnMissing.Drop drop -> Optional.empty();
    };
  }

  /**
   * The extension of a completely judged group; empty if it closes.
   *
   * @param at time of its last judgement, in milliseconds since the epoch
   */
  Optional<Extension> whenJudged(GroupHeader header, Roster roster, long at) {
    GroupHeader.PromptContent prompt = header.prompt();
    if (onMissing instanceof OnMissing.Refill(int maxAttempts)
        && header.times().rounds() < maxAttempts
        && prompt != null
        && prompt.position() != null
        && !groupwise
        && roster.present().stream().anyMatch(member -> member.isLost(judges))) {
      long from = Math.max(at, header.times().deadlineAt() - header.times().allowedMillis());
      return Optional.of(refilled(header, prompt, roster, from));
    }
    return Optional.empty();
  }

  /** Requests groupwise judgements of the members that have rollouts. */
  static Extension compared(GroupHeader header, Roster roster) {
    List<MemberState> present = roster.present();
    return new Extension(
        header.withCompared(present.stream().map(MemberState::id).toList()),
        List.of(new GroupRequest.Compare(present)));
  }

  /** Requests lost and missing members again; keeps members that may still be judged. */
  private Extension refilled(
      GroupHeader header, GroupHeader.PromptContent prompt, Roster roster, long from) {
    GroupHeader later = header.with(extended(header.times(), from, header.times().allowedMillis()));
    List<Retry> retries = new ArrayList<>();
    List<MemberState> lost = new ArrayList<>();
    for (MemberId position : roster.shape().members()) {
      Optional<MemberState> holder = roster.holder(position);
      int next = position.attempt() + 1;
      if (holder.isEmpty() && header.compared().isEmpty()) {
        int first = roster.shape().attempts(position).getFirst().attempt();
        retries.add(new Retry(position.arm(), position.index(), first, next));
      } else if (!groupwise && holder.filter(member -> member.isLost(judges)).isPresent()) {
        retries.add(new Retry(position.arm(), position.index(), next, next));
        lost.add(holder.get());
      }
    }
    if (retries.isEmpty()
        || prompt.position() == null
        || !header.shape().with(retries).isWithinRefillLimit()) {
      return new Extension(later, List.of());
    }
    int lostAndJudged = (int) lost.stream().filter(member -> member.isJudgedBy(judges)).count();
    GroupHeader refilled =
        later
            .with(header.shape().with(retries))
            .present(
                header.counts().rolledOut() - lost.size(),
                header.counts().judged() - lostAndJudged);
    return new Extension(
        refilled,
        List.of(
            new GroupRequest.Refill(
                retries.stream().map(Retry::latest).toList(), prompt.position())));
  }

  /** Whether each arm has this number of rollouts for groupwise judges. */
  private static boolean hasSurvivors(Roster roster, int perArm) {
    List<MemberState> present = roster.present();
    return roster.shape().arms().stream()
        .allMatch(
            arm ->
                present.stream().filter(member -> member.id().arm().equals(arm)).count() >= perArm);
  }

  private static Times extended(Times times, long from, long millis) {
    return new Times(times.openedAt(), times.allowedMillis(), from + millis, times.rounds() + 1);
  }
}
