package io.urteil.topology.group;

import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.RunFile.OnMissing;
import io.urteil.topology.group.MemberState.Judged;
import io.urteil.topology.group.MemberState.RolledOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A group that has not closed, and what the next event makes of it. Pure: nothing is stored here.
 *
 * <p>The records of a topic come in the order of their offsets, but the three topics interleave in
 * any way: a judgement may come before its rollout, and either before the prompt. So whichever is
 * first opens the group, what cannot be used yet is held, and the members that leave it are the
 * same for every interleaving. Of two events that contradict each other the lower offset wins; the
 * other is a dead letter. A repeated event is counted and changes nothing else.
 *
 * <p>A group closes when every expected member has a judgement by every judge of the run, or at its
 * deadline. What it is then worth is {@link Settlement}'s. Before that, {@code group.onMissing} may
 * give it more time:
 *
 * <ul>
 *   <li>{@code wait}: once.
 *   <li>{@code refill}: members whose rollouts have not come, or whose judges gave them up, are
 *       asked for again, under a higher attempt; the others stay as they are. Of the attempts of a
 *       member that was not there, the first on the log counts, so that a slow rollout is not
 *       wasted.
 *   <li>{@code survivors}, where a judge compares members: once, for that judge to look at those
 *       that are there.
 * </ul>
 *
 * <p>Judges that compare members are asked as soon as all expected rollouts are there.
 */
public final class GroupState {

  private final RunFile run;
  private final boolean compares;
  private final @Nullable GroupHeader stored;
  private final Members members;

  /**
   * @param stored null when nothing is known of the group
   */
  public GroupState(RunFile run, @Nullable GroupHeader stored, Members members) {
    this(run, run.comparesMembers(), stored, members);
  }

  /**
   * @param compares whether a judge of the run compares members
   */
  GroupState(RunFile run, boolean compares, @Nullable GroupHeader stored, Members members) {
    this.run = run;
    this.compares = compares;
    this.stored = stored;
    this.members = members;
  }

  /** A prompt opens the group, or says what a group is that another event opened. */
  public GroupChange on(Prompt prompt, Position position) {
    GroupHeader.Shape shape = GroupHeader.shapeOf(prompt);
    if (shape.size() < 1) {
      return refused(DeadLetters.INVALID, "a prompt for no members (expected: at least one)");
    }
    if (stored == null) {
      return open(GroupHeader.openedBy(prompt, position), List.of());
    }
    if (isRefill(stored, prompt)) {
      return askedAgain(stored, shape.only());
    }
    if (stored.prompt() != null) {
      return stored.prompt().fingerprint() == Fingerprint.of(prompt)
          ? open(stored.duplicate(), List.of())
          : conflict(
              stored,
              "prompt of '%s' asks for something else than the one before it, which stands"
                  .formatted(prompt.getGroupId()));
    }
    if (stored.shape().certain() && !stored.shape().equals(shape)) {
      return conflict(
          stored,
          "prompt of '%s' asks for %s (expected, by its first rollout: %s)"
              .formatted(prompt.getGroupId(), shape, stored.shape()));
    }
    return shaped(stored.askedBy(prompt, position), null);
  }

  /** A rollout is taken as its member's, together with the judgements of it that came before. */
  public GroupChange on(Rollout rollout, Position position) {
    String hash = ContentHash.of(rollout.getSegments());
    if (!hash.equals(rollout.getContentHash())) {
      return refused(
          DeadLetters.HASH_MISMATCH,
          "rollout says content hash '%s' (expected, by its segments: %s)"
              .formatted(rollout.getContentHash(), hash));
    }
    MemberId id = MemberId.of(rollout);
    if (stored == null) {
      GroupHeader opened = GroupHeader.openedBy(rollout, run);
      return unexpected(opened, id)
          ? refused(DeadLetters.INVALID, notExpected(opened, "rollout", id))
          : taken(opened, members.get(id), RolledOut.of(rollout, position));
    }
    GroupHeader header = stored;
    if (!header.shape().certain() && rollout.getSamplesPerArm() > 0) {
      header = header.shapedBy(rollout);
      GroupChange shaped = shaped(header, id);
      return shaped instanceof GroupChange.Open open
          ? onExpected(open.header(), rollout, id, position, open)
          : shaped;
    }
    return onExpected(header, rollout, id, position, null);
  }

  private GroupChange onExpected(
      GroupHeader header,
      Rollout rollout,
      MemberId id,
      Position position,
      GroupChange.@Nullable Open before) {
    GroupChange change;
    MemberState member = members.get(id);
    if (unexpected(header, id)) {
      change = outOfPlace(header, "rollout", id);
    } else if (!header.compared().isEmpty() && !header.compared().contains(id)) {
      change =
          late(
              header,
              "rollout of %s came after the others of '%s' had gone to the judges that compare them"
                  .formatted(id, header.groupId()));
    } else if (isFilledByAnother(header, id)) {
      // Another attempt was first on the log.
      change = open(header.duplicate(), List.of());
    } else if (member.rollout() == null) {
      change = taken(header, member, RolledOut.of(rollout, position));
    } else if (member.rollout().contentHash().equals(rollout.getContentHash())) {
      change = open(header.duplicate(), List.of());
    } else {
      change =
          conflict(
              header,
              "rollout of %s has another text than the one at offset %d, which stands"
                  .formatted(id, member.rollout().position().offset()));
    }
    return before == null ? change : merged(before, change);
  }

  /** A judgement is taken, or held until the rollout it judged comes. */
  public GroupChange on(Judgement judgement, Position position) {
    Set<String> judges = run.judges().keySet();
    if (!judges.contains(judgement.getJudge())) {
      return refused(
          DeadLetters.INVALID,
          "judgement by '%s' (expected: one of %s)".formatted(judgement.getJudge(), judges));
    }
    GroupHeader header = stored == null ? GroupHeader.openedBy(judgement, run) : stored;
    MemberId id = MemberId.of(judgement);
    if (unexpected(header, id)) {
      return stored == null
          ? refused(DeadLetters.INVALID, notExpected(header, "judgement", id))
          : outOfPlace(header, "judgement", id);
    }
    if (isFilledByAnother(header, id)) {
      // Of an attempt that another one was before.
      return open(header.duplicate(), List.of());
    }
    MemberState member = members.get(id);
    Judged judged = Judged.of(judgement, position);
    RolledOut rollout = member.rollout();
    if (rollout != null && !rollout.contentHash().equals(judged.contentHash())) {
      return new GroupChange.Open(
          header.conflicts(1),
          List.of(),
          List.of(),
          List.of(mismatch(null, id, rollout, judged)),
          List.of());
    }
    for (Judged earlier : member.judgements()) {
      if (earlier.judge().equals(judged.judge())
          && earlier.contentHash().equals(judged.contentHash())) {
        return earlier.saysTheSame(judged)
            ? open(header.duplicate(), List.of())
            : conflict(
                header,
                "judgement of %s by '%s' contradicts the one at offset %d, which stands"
                    .formatted(id, judged.judge(), earlier.position().offset()));
      }
    }
    return changed(
        header, member, member.with(judged), List.of(), judgement.getCreatedAt().toEpochMilli());
  }

  /**
   * The group's time may be over.
   *
   * @param now a time up to which everything on the group's partitions is known
   * @param runningSince when this task began: what was down before cannot be held against a group,
   *     so each open group has its whole time again
   */
  public GroupChange onTime(long now, long runningSince) {
    if (stored == null) {
      return new GroupChange.Refused(List.of());
    }
    GroupHeader.Times times = stored.times();
    long due = Math.max(times.deadlineAt(), runningSince + times.allowedMillis());
    if (now < due) {
      return open(stored.with(moved(times, due, times.rounds())), List.of());
    }
    return switch (run.group().onMissing()) {
      case OnMissing.Wait(var atMost) when times.rounds() == 0 ->
          open(stored.with(moved(times, due + atMost.toMillis(), 1)), List.of());
      case OnMissing.Refill(int maxAttempts)
          when times.rounds() < maxAttempts && stored.prompt() != null ->
          refilled(stored, stored.prompt(), known(null), due, List.of());
      case OnMissing.Survivors(int perArm)
          when compares && stored.compared().isEmpty() && hasSurvivors(stored, perArm) ->
          compared(
              stored.with(moved(times, due + times.allowedMillis(), times.rounds() + 1)),
              known(null),
              List.of(),
              List.of());
      case OnMissing.Wait wait -> expired(stored);
      case OnMissing.Refill refill -> expired(stored);
      case OnMissing.Survivors survivors -> expired(stored);
      case OnMissing.Drop drop -> expired(stored);
    };
  }

  private GroupChange expired(GroupHeader header) {
    return closed(header, null, GroupChange.Cause.DEADLINE, neverJudged(header));
  }

  /** Members that may still be judged stay; what is lost or has not come is asked for again. */
  private GroupChange refilled(
      GroupHeader header,
      GroupHeader.Asked prompt,
      Map<MemberId, MemberState> known,
      long due,
      List<Letter> letters) {
    GroupHeader.Times times = header.times();
    GroupHeader later = header.with(moved(times, due + times.allowedMillis(), times.rounds() + 1));
    List<GroupHeader.Retry> retries = new ArrayList<>();
    List<MemberState> given = new ArrayList<>();
    for (MemberId latest : header.shape().members()) {
      MemberState holder = holder(header, known, latest);
      int next = latest.attempt() + 1;
      if (holder == null && header.compared().isEmpty()) {
        int from = header.shape().attempts(latest).getFirst().attempt();
        retries.add(new GroupHeader.Retry(latest.arm(), latest.index(), from, next));
      } else if (holder != null && !compares && holder.isLost(run.judges().keySet())) {
        retries.add(new GroupHeader.Retry(latest.arm(), latest.index(), next, next));
        given.add(holder);
      }
    }
    if (retries.isEmpty() || prompt.position() == null) {
      return new GroupChange.Open(later, List.of(), List.of(), letters, List.of());
    }
    int judged =
        (int) given.stream().filter(member -> member.isJudgedBy(run.judges().keySet())).count();
    GroupHeader asked =
        later
            .with(header.shape().with(retries))
            .present(header.counts().rolledOut() - given.size(), header.counts().judged() - judged);
    GroupRequest refill =
        new GroupRequest.Refill(
            retries.stream().map(GroupHeader.Retry::latest).toList(), prompt.position());
    return new GroupChange.Open(asked, List.of(), List.of(), letters, List.of(refill));
  }

  /** Whether each arm has this many rollouts to compare. */
  private boolean hasSurvivors(GroupHeader header, int perArm) {
    Map<MemberId, MemberState> known = known(null);
    return header.shape().arms().stream()
        .allMatch(
            arm ->
                header.shape().members().stream()
                        .filter(id -> id.arm().equals(arm))
                        .filter(id -> holder(header, known, id) != null)
                        .count()
                    >= perArm);
  }

  /** The judges that compare members are asked about those whose rollouts are there. */
  private GroupChange compared(
      GroupHeader header,
      Map<MemberId, MemberState> known,
      List<MemberState> changed,
      List<Letter> letters) {
    List<MemberState> present =
        header.shape().members().stream()
            .flatMap(id -> java.util.stream.Stream.ofNullable(holder(header, known, id)))
            .toList();
    GroupHeader comparing = header.comparing(present.stream().map(MemberState::id).toList());
    return new GroupChange.Open(
        comparing, changed, List.of(), letters, List.of(new GroupRequest.Compare(present)));
  }

  private List<Letter> neverJudged(GroupHeader header) {
    List<Letter> letters = new ArrayList<>();
    for (MemberState member : members.all()) {
      RolledOut rollout = member.rollout();
      if (rollout != null && !member.isJudgedBy(run.judges().keySet())) {
        String message = "member %s of '%s' was not judged by the group's deadline";
        letters.add(
            Letter.about(
                Topic.ROLLOUTS,
                rollout.position(),
                DeadLetters.NEVER_JUDGED,
                message.formatted(member.id(), header.groupId())));
      }
    }
    return letters;
  }

  private static GroupHeader.Times moved(GroupHeader.Times times, long due, int rounds) {
    return new GroupHeader.Times(times.openedAt(), times.allowedMillis(), due, rounds);
  }

  /** Whether this asks again for members of the group: its own request, or an operator's. */
  private static boolean isRefill(GroupHeader header, Prompt prompt) {
    return header.prompt() != null
        && !prompt.getMembers().isEmpty()
        && prompt.getMembers().stream()
            .map(key -> new MemberId(key.getArm(), key.getIndex(), key.getAttempt()))
            .allMatch(header.shape()::isLaterAttempt);
  }

  /** What the group asked for itself is known; what somebody else asks for is expected too. */
  private static GroupChange askedAgain(GroupHeader header, List<MemberId> wanted) {
    List<GroupHeader.Retry> retries = new ArrayList<>();
    for (MemberId id : wanted) {
      List<MemberId> attempts = header.shape().attempts(id);
      if (attempts.getLast().attempt() < id.attempt()) {
        retries.add(
            new GroupHeader.Retry(
                id.arm(), id.index(), attempts.getFirst().attempt(), id.attempt()));
      }
    }
    return retries.isEmpty()
        ? new GroupChange.Refused(List.of())
        : open(header.with(header.shape().with(retries)), List.of());
  }

  /** Whether another attempt has filled this one's place. */
  private boolean isFilledByAnother(GroupHeader header, MemberId id) {
    return header.shape().attempts(id).stream()
        .anyMatch(other -> !other.equals(id) && members.get(other).rollout() != null);
  }

  /** The member that fills this one's place, by whichever attempt. */
  private static @Nullable MemberState holder(
      GroupHeader header, Map<MemberId, MemberState> known, MemberId id) {
    for (MemberId attempt : header.shape().attempts(id)) {
      MemberState member = known.get(attempt);
      if (member != null && member.rollout() != null) {
        return member;
      }
    }
    return null;
  }

  private Map<MemberId, MemberState> known(@Nullable MemberState latest) {
    Map<MemberId, MemberState> known = new HashMap<>();
    members.all().forEach(member -> known.put(member.id(), member));
    if (latest != null) {
      known.put(latest.id(), latest);
    }
    return known;
  }

  private GroupChange taken(GroupHeader header, MemberState member, RolledOut rollout) {
    List<Letter> letters = new ArrayList<>();
    List<Judged> kept = new ArrayList<>();
    for (Judged held : member.judgements()) {
      if (held.contentHash().equals(rollout.contentHash())) {
        kept.add(held);
      } else {
        letters.add(mismatch(held.position(), member.id(), rollout, held));
      }
    }
    return changed(
        header.conflicts(letters.size()),
        member,
        member.with(rollout, kept),
        letters,
        rollout.createdAt());
  }

  /**
   * @param at when the event was made that changed the member, in milliseconds since the epoch
   */
  private GroupChange changed(
      GroupHeader header, MemberState before, MemberState after, List<Letter> letters, long at) {
    Set<String> judges = run.judges().keySet();
    boolean newlyJudged = after.isJudgedBy(judges) && !before.isJudgedBy(judges);
    boolean newlyThere = after.rollout() != null && before.rollout() == null;
    GroupHeader counted =
        newlyJudged || newlyThere
            ? header.present(
                header.counts().rolledOut() + (newlyThere ? 1 : 0),
                header.counts().judged() + (newlyJudged ? 1 : 0))
            : header;
    if (counted.isWhole()) {
      return whole(counted, after, letters, at);
    }
    return isToBeCompared(counted)
        ? compared(counted, known(after), List.of(after), letters)
        : new GroupChange.Open(counted, List.of(after), List.of(), letters, List.of());
  }

  private boolean isToBeCompared(GroupHeader header) {
    return compares && header.compared().isEmpty() && header.isRolledOut();
  }

  /** All is judged; what a judge gave up may still be asked for again. */
  private GroupChange whole(
      GroupHeader header, @Nullable MemberState latest, List<Letter> letters, long at) {
    GroupHeader.Asked prompt = header.prompt();
    if (run.group().onMissing() instanceof OnMissing.Refill(int maxAttempts)
        && header.times().rounds() < maxAttempts
        && prompt != null
        && prompt.position() != null
        && !compares) {
      Map<MemberId, MemberState> known = known(latest);
      if (header.shape().members().stream()
          .flatMap(id -> java.util.stream.Stream.ofNullable(holder(header, known, id)))
          .anyMatch(member -> member.isLost(run.judges().keySet()))) {
        long from = Math.max(at, header.times().deadlineAt() - header.times().allowedMillis());
        return withChanged(refilled(header, prompt, known, from, letters), latest);
      }
    }
    return closed(header, latest, GroupChange.Cause.JUDGED, letters);
  }

  private static GroupChange withChanged(GroupChange change, @Nullable MemberState latest) {
    return change instanceof GroupChange.Open open && latest != null
        ? new GroupChange.Open(
            open.header(), List.of(latest), open.removed(), open.letters(), open.requests())
        : change;
  }

  /** The shape has become certain: members that came before and are not expected must go. */
  private GroupChange shaped(GroupHeader header, @Nullable MemberId arriving) {
    List<MemberId> removed = new ArrayList<>();
    List<Letter> letters = new ArrayList<>();
    int judged = 0;
    int rolledOut = 0;
    for (MemberState member : members.all()) {
      if (unexpected(header, member.id())) {
        removed.add(member.id());
        letters.addAll(strays(header, member));
      } else {
        rolledOut += member.rollout() == null ? 0 : 1;
        judged += member.isJudgedBy(run.judges().keySet()) ? 1 : 0;
      }
    }
    GroupHeader counted = header.present(rolledOut, judged).conflicts(letters.size());
    if (arriving == null && counted.isWhole()) {
      return whole(counted, null, letters, counted.times().openedAt());
    }
    if (arriving == null && isToBeCompared(counted)) {
      return merged(
          new GroupChange.Open(counted, List.of(), removed, letters, List.of()),
          compared(counted, known(null), List.of(), List.of()));
    }
    return new GroupChange.Open(counted, List.of(), removed, letters, List.of());
  }

  private GroupChange closed(
      GroupHeader header,
      @Nullable MemberState latest,
      GroupChange.Cause cause,
      List<Letter> letters) {
    Map<MemberId, MemberState> known = known(latest);
    List<MemberState> expected =
        header.shape().members().stream()
            .map(
                id ->
                    Optional.ofNullable(holder(header, known, id))
                        .orElseGet(() -> known.getOrDefault(id, MemberState.unknown(id))))
            .toList();
    return new GroupChange.Closed(header, expected, cause, letters);
  }

  private static GroupChange merged(GroupChange.Open before, GroupChange after) {
    List<Letter> letters = new ArrayList<>(before.letters());
    letters.addAll(after.letters());
    return switch (after) {
      case GroupChange.Open(var header, var changed, var removed, var ignored, var requests) ->
          new GroupChange.Open(header, changed, before.removed(), letters, requests);
      case GroupChange.Closed(var header, var all, var cause, var ignored) ->
          new GroupChange.Closed(header, all, cause, letters);
      case GroupChange.Refused refused -> new GroupChange.Refused(letters);
    };
  }

  private static List<Letter> strays(GroupHeader header, MemberState member) {
    List<Letter> letters = new ArrayList<>();
    RolledOut rollout = member.rollout();
    if (rollout != null) {
      letters.add(
          Letter.about(
              Topic.ROLLOUTS,
              rollout.position(),
              DeadLetters.CONFLICT,
              notExpected(header, "rollout", member.id())));
    }
    for (Judged judged : member.judgements()) {
      letters.add(
          Letter.about(
              Topic.JUDGEMENTS,
              judged.position(),
              DeadLetters.CONFLICT,
              notExpected(header, "judgement", member.id())));
    }
    return letters;
  }

  private static boolean unexpected(GroupHeader header, MemberId id) {
    return header.shape().certain() && !header.shape().expects(id);
  }

  private static String notExpected(GroupHeader header, String what, MemberId id) {
    return "%s of member %s (expected: %s)".formatted(what, id, header.shape());
  }

  private static Letter mismatch(
      @Nullable Position position, MemberId id, RolledOut rollout, Judged judged) {
    return new Letter(
        DeadLetters.HASH_MISMATCH,
        "judgement of %s judged content %s (expected: %s, the rollout at offset %d)"
            .formatted(
                id, judged.contentHash(), rollout.contentHash(), rollout.position().offset()),
        position == null ? null : new Letter.About(Topic.JUDGEMENTS, position));
  }

  private static GroupChange open(GroupHeader header, List<MemberState> changed) {
    return new GroupChange.Open(header, changed, List.of(), List.of(), List.of());
  }

  /** A member that is not expected, or is so no longer. */
  private static GroupChange outOfPlace(GroupHeader header, String what, MemberId id) {
    return header.shape().hasGivenUp(id)
        ? late(
            header, "%s of %s came after a later attempt of it was asked for".formatted(what, id))
        : conflict(header, notExpected(header, what, id));
  }

  private static GroupChange late(GroupHeader header, String message) {
    return new GroupChange.Open(
        header, List.of(), List.of(), List.of(Letter.of(DeadLetters.LATE, message)), List.of());
  }

  private static GroupChange refused(String cause, String message) {
    return new GroupChange.Refused(List.of(Letter.of(cause, message)));
  }

  private static GroupChange conflict(GroupHeader header, String message) {
    return new GroupChange.Open(
        header.conflicts(1),
        List.of(),
        List.of(),
        List.of(Letter.of(DeadLetters.CONFLICT, message)),
        List.of());
  }
}
