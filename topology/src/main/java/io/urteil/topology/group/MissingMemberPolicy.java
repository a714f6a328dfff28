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
 * What a group is given before it closes without some of its members, as {@code group.onMissing} of
 * its run says. Pure.
 *
 * <ul>
 *   <li>{@code wait}: more time, once.
 *   <li>{@code refill}: members whose rollouts have not come, or whose judges gave them up, are
 *       asked for again, under a higher attempt; the others stay as they are, also those from which
 *       a judge abstained. Of the attempts of a member that was not there, the first on the log
 *       counts, so that a slow rollout is not wasted. Given up to {@code maxAttempts} times, at a
 *       deadline or, when all is judged and some of it in vain, at once.
 *   <li>{@code survivors}, where a judge compares members: more time, once, for that judge to look
 *       at those that are there.
 *   <li>{@code drop}: nothing.
 * </ul>
 */
final class MissingMemberPolicy {

  private final OnMissing onMissing;
  private final Set<String> judges;
  private final boolean compares;

  /**
   * @param compares whether a judge of the run compares members: such a judge has seen a group
   *     whole, so that no member of it can be replaced afterwards
   */
  MissingMemberPolicy(RunFile run, boolean compares) {
    this.onMissing = run.group().onMissing();
    this.judges = run.judges().keySet();
    this.compares = compares;
  }

  /**
   * The group as it goes on.
   *
   * @param requests what it asks for now
   */
  record Given(GroupHeader header, List<GroupRequest> requests) {}

  /**
   * What a group is given whose time is over; nothing when it is to close as it is.
   *
   * @param due when its time was over, in milliseconds since the epoch
   */
  Optional<Given> atDeadline(GroupHeader header, Roster roster, long due) {
    Times times = header.times();
    return switch (onMissing) {
      case OnMissing.Wait(var atMost) when times.rounds() == 0 ->
          Optional.of(new Given(header.with(extended(times, due, atMost.toMillis())), List.of()));
      case OnMissing.Refill(int maxAttempts)
          when times.rounds() < maxAttempts && header.prompt() != null ->
          Optional.of(refilled(header, header.prompt(), roster, due));
      case OnMissing.Survivors(int perArm)
          when compares && header.compared().isEmpty() && hasSurvivors(roster, perArm) ->
          Optional.of(compared(header.with(extended(times, due, times.allowedMillis())), roster));
      case OnMissing.Wait wait -> Optional.empty();
      case OnMissing.Refill refill -> Optional.empty();
      case OnMissing.Survivors survivors -> Optional.empty();
      case OnMissing.Drop drop -> Optional.empty();
    };
  }

  /**
   * What a group is given of which all is judged; nothing when it is to close.
   *
   * @param at when it became so, in milliseconds since the epoch
   */
  Optional<Given> whenJudged(GroupHeader header, Roster roster, long at) {
    GroupHeader.Asked prompt = header.prompt();
    if (onMissing instanceof OnMissing.Refill(int maxAttempts)
        && header.times().rounds() < maxAttempts
        && prompt != null
        && prompt.position() != null
        && !compares
        && roster.present().stream().anyMatch(member -> member.isLost(judges))) {
      long from = Math.max(at, header.times().deadlineAt() - header.times().allowedMillis());
      return Optional.of(refilled(header, prompt, roster, from));
    }
    return Optional.empty();
  }

  /** The judges that compare members are asked about those whose rollouts are there. */
  static Given compared(GroupHeader header, Roster roster) {
    List<MemberState> present = roster.present();
    return new Given(
        header.comparing(present.stream().map(MemberState::id).toList()),
        List.of(new GroupRequest.Compare(present)));
  }

  /** Members that may still be judged stay; what is lost or has not come is asked for again. */
  private Given refilled(GroupHeader header, GroupHeader.Asked prompt, Roster roster, long from) {
    GroupHeader later = header.with(extended(header.times(), from, header.times().allowedMillis()));
    List<Retry> retries = new ArrayList<>();
    List<MemberState> lost = new ArrayList<>();
    for (MemberId place : roster.shape().members()) {
      Optional<MemberState> holder = roster.holder(place);
      int next = place.attempt() + 1;
      if (holder.isEmpty() && header.compared().isEmpty()) {
        int first = roster.shape().attempts(place).getFirst().attempt();
        retries.add(new Retry(place.arm(), place.index(), first, next));
      } else if (!compares && holder.filter(member -> member.isLost(judges)).isPresent()) {
        retries.add(new Retry(place.arm(), place.index(), next, next));
        lost.add(holder.get());
      }
    }
    if (retries.isEmpty() || prompt.position() == null) {
      return new Given(later, List.of());
    }
    int lostAndJudged = (int) lost.stream().filter(member -> member.isJudgedBy(judges)).count();
    GroupHeader asked =
        later
            .with(header.shape().with(retries))
            .present(
                header.counts().rolledOut() - lost.size(),
                header.counts().judged() - lostAndJudged);
    return new Given(
        asked,
        List.of(
            new GroupRequest.Refill(
                retries.stream().map(Retry::latest).toList(), prompt.position())));
  }

  /** Whether each arm has this many rollouts to compare. */
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
