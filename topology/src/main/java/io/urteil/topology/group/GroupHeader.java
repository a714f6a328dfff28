package io.urteil.topology.group;

import io.urteil.contract.EventLimits;
import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.run.RunFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of an open group except its members.
 *
 * @param ordinal of the prompt; -1 if unknown
 * @param prompt the content of its prompt; null before a prompt arrives
 * @param compared the members sent to groupwise judges; empty before
 */
public record GroupHeader(
    String runId,
    String groupId,
    Purpose purpose,
    long ordinal,
    Times times,
    Shape shape,
    @Nullable PromptContent prompt,
    Counts counts,
    List<MemberId> compared) {

  private static final Counts NO_COUNTS = new Counts(0, 0, 0, 0);

  /**
   * When the group was opened and its deadline, in milliseconds since the epoch.
   *
   * @param openedAt log time of its prompt, or of its first event before a prompt arrives
   * @param allowedMillis time between opening and deadline
   * @param deadlineAt extended by a restart and by {@code onMissing}
   * @param rounds number of extensions by {@code onMissing}
   */
  public record Times(long openedAt, long allowedMillis, long deadlineAt, int rounds) {
    static Times from(long openedAt, long allowedMillis) {
      return new Times(openedAt, allowedMillis, openedAt + allowedMillis, 0);
    }
  }

  /**
   * @param rolledOut expected members with a rollout
   * @param judged expected members with a rollout and all judgements
   * @param duplicates repeated events while the group was open
   * @param conflicts events that contradicted an earlier one while it was open
   */
  public record Counts(int rolledOut, int judged, int duplicates, int conflicts) {}

  /**
   * The expected members.
   *
   * @param certain false if neither a prompt nor a rollout has defined it yet, and the run file's
   *     shape is used; such a group is never complete
   * @param only the only expected members; empty for all
   * @param retries refilled members, at most one entry for each arm and index
   */
  public record Shape(
      boolean certain,
      List<String> arms,
      int samplesPerArm,
      List<MemberId> only,
      List<Retry> retries) {
    public Shape {
      arms = List.copyOf(arms);
      only = List.copyOf(only);
      retries = List.copyOf(retries);
    }

    /** The expected members, by arm, then index, each with the latest requested attempt. */
    public List<MemberId> members() {
      return first().stream().map(id -> retry(id).map(retry -> retry.latest()).orElse(id)).toList();
    }

    /** The expected members with their first attempts. */
    private List<MemberId> first() {
      List<MemberId> members = new ArrayList<>();
      for (String arm : arms) {
        for (int index = 0; index < samplesPerArm; index++) {
          members.add(new MemberId(arm, index, 0));
        }
      }
      return only.isEmpty() ? members : only;
    }

    /** Every attempt that may still provide this member, the earliest first. */
    List<MemberId> attempts(MemberId member) {
      Optional<Retry> retry = retry(member);
      if (retry.isPresent()) {
        return java.util.stream.IntStream.rangeClosed(retry.get().from(), retry.get().to())
            .mapToObj(n -> new MemberId(member.arm(), member.index(), n))
            .toList();
      }
      return only.stream()
          .filter(id -> id.arm().equals(member.arm()) && id.index() == member.index())
          .findFirst()
          .map(List::of)
          .orElseGet(() -> List.of(new MemberId(member.arm(), member.index(), 0)));
    }

    /** Every attempt of a refilled member that may arrive late without effect. */
    List<MemberId> retried() {
      return retries.stream()
          .flatMap(
              retry ->
                  java.util.stream.IntStream.rangeClosed(0, retry.to())
                      .mapToObj(n -> new MemberId(retry.arm(), retry.index(), n)))
          .toList();
    }

    /** Whether the attempts of all refilled members are few enough to be remembered. */
    boolean isWithinRefillLimit() {
      return retries.stream().mapToLong(retry -> retry.to() + 1L).sum()
          <= EventLimits.REFILL_ATTEMPTS;
    }

    /** Whether an earlier attempt of the member was replaced by later ones. */
    boolean isSuperseded(MemberId member) {
      return retry(member)
          .filter(retry -> member.attempt() >= 0 && member.attempt() < retry.from())
          .isPresent();
    }

    /** Whether the member is expected, and is not its first attempt. */
    boolean isLaterAttempt(MemberId member) {
      return first().stream()
          .anyMatch(
              id ->
                  id.arm().equals(member.arm())
                      && id.index() == member.index()
                      && id.attempt() < member.attempt());
    }

    private Optional<Retry> retry(MemberId member) {
      return retries.stream()
          .filter(retry -> retry.arm().equals(member.arm()) && retry.index() == member.index())
          .findFirst();
    }

    /** With these retries, which replace earlier ones of the same members. */
    Shape with(List<Retry> asked) {
      Map<String, Retry> all = new LinkedHashMap<>();
      retries.forEach(retry -> all.put(retry.arm() + "/" + retry.index(), retry));
      asked.forEach(retry -> all.put(retry.arm() + "/" + retry.index(), retry));
      return new Shape(certain, arms, samplesPerArm, only, List.copyOf(all.values()));
    }

    int size() {
      return only.isEmpty() ? arms.size() * samplesPerArm : only.size();
    }

    boolean expects(MemberId member) {
      Optional<Retry> retry = retry(member);
      if (retry.isPresent()) {
        return member.attempt() >= retry.get().from() && member.attempt() <= retry.get().to();
      }
      return only.isEmpty()
          ? arms.contains(member.arm())
              && member.index() >= 0
              && member.index() < samplesPerArm
              && member.attempt() == 0
          : only.contains(member);
    }

    @Override
    public String toString() {
      return only.isEmpty()
          ? "arms %s, indices 0 to %d, attempt 0".formatted(arms, samplesPerArm - 1)
          : only.toString();
    }
  }

  /**
   * A refilled member. Of the valid attempts, the first rollout in the topic provides the member.
   *
   * @param from the earliest valid attempt: above the first if that one was lost
   * @param to the latest requested attempt
   */
  public record Retry(String arm, int index, int from, int to) {
    MemberId latest() {
      return new MemberId(arm, index, to);
    }
  }

  /**
   * The stored part of a group's prompt.
   *
   * @param position its position on {@code prompts}; null in state of an earlier layout
   * @param references by arm, if present
   */
  public record PromptContent(
      long fingerprint,
      @Nullable RecordPosition position,
      @Nullable Long policyVersion,
      Map<String, String> references,
      Map<String, String> columns) {
    public PromptContent {
      references = Map.copyOf(references);
      columns = Map.copyOf(columns);
    }
  }

  public GroupHeader {
    compared = List.copyOf(compared);
  }

  /** The key of the group. */
  public GroupKey key() {
    return new GroupKey(runId, groupId);
  }

  /** Whether every expected member has every judgement. */
  boolean isComplete() {
    return shape.certain()
        && counts.judged() >= (compared.isEmpty() ? shape.size() : compared.size());
  }

  /** Whether all expected members have rollouts. */
  boolean isRolledOut() {
    return shape.certain() && counts.rolledOut() >= shape.size();
  }

  static GroupHeader openedBy(Prompt prompt, Arrival arrival) {
    return new GroupHeader(
        prompt.getRunId(),
        prompt.getGroupId(),
        prompt.getPurpose(),
        prompt.getOrdinal(),
        Times.from(arrival.time(), prompt.getDeadlineMillis()),
        shapeOf(prompt),
        asked(prompt, arrival.position()),
        NO_COUNTS,
        List.of());
  }

  static GroupHeader openedBy(Rollout rollout, RunFile run, long at) {
    return new GroupHeader(
        rollout.getRunId(),
        rollout.getGroupId(),
        rollout.getPurpose(),
        rollout.getOrdinal(),
        Times.from(at, run.group().deadline().toMillis()),
        rollout.getSamplesPerArm() > 0 ? shapeOf(rollout) : defaultShape(run),
        null,
        NO_COUNTS,
        List.of());
  }

  static GroupHeader openedBy(Judgement judgement, RunFile run, long at) {
    return new GroupHeader(
        judgement.getRunId(),
        judgement.getGroupId(),
        judgement.getPurpose(),
        -1,
        Times.from(at, run.group().deadline().toMillis()),
        defaultShape(run),
        null,
        NO_COUNTS,
        List.of());
  }

  static Shape shapeOf(Prompt prompt) {
    return new Shape(
        true,
        prompt.getArms().stream().map(PromptArm::getName).toList(),
        prompt.getSamplesPerArm(),
        prompt.getMembers().stream()
            .map(key -> new MemberId(key.getArm(), key.getIndex(), key.getAttempt()))
            .toList(),
        List.of());
  }

  static Shape shapeOf(Rollout rollout) {
    return new Shape(true, rollout.getArms(), rollout.getSamplesPerArm(), List.of(), List.of());
  }

  private static Shape defaultShape(RunFile run) {
    return new Shape(false, run.group().arms(), run.group().samplesPerArm(), List.of(), List.of());
  }

  private static PromptContent asked(Prompt prompt, RecordPosition position) {
    Map<String, String> references = new HashMap<>();
    for (PromptArm arm : prompt.getArms()) {
      if (arm.getReference() != null) {
        references.put(arm.getName(), arm.getReference());
      }
    }
    return new PromptContent(
        Fingerprint.of(prompt),
        position,
        prompt.getPolicyVersion(),
        references,
        prompt.getColumns());
  }

  /**
   * Applies a prompt that arrived after another event had opened the group: the prompt has
   * precedence.
   */
  GroupHeader definedBy(Prompt arrived, Arrival arrival) {
    GroupHeader asked = openedBy(arrived, arrival);
    Times requested = asked.times();
    Times newTimes =
        new Times(
            requested.openedAt(),
            requested.allowedMillis(),
            Math.max(requested.deadlineAt(), times.rounds() > 0 ? times.deadlineAt() : 0),
            times.rounds());
    return new GroupHeader(
        runId,
        groupId,
        asked.purpose(),
        asked.ordinal(),
        newTimes,
        asked.shape(),
        asked.prompt(),
        counts,
        compared);
  }

  GroupHeader shapedBy(Rollout rollout) {
    return new GroupHeader(
        runId,
        groupId,
        rollout.getPurpose(),
        rollout.getOrdinal(),
        times,
        shapeOf(rollout),
        prompt,
        counts,
        compared);
  }

  GroupHeader with(Times newTimes) {
    return new GroupHeader(
        runId, groupId, purpose, ordinal, newTimes, shape, prompt, counts, compared);
  }

  /** The same group, with its next check at this time, in milliseconds since the epoch. */
  public GroupHeader dueAt(long millis) {
    return with(new Times(times.openedAt(), times.allowedMillis(), millis, times.rounds()));
  }

  GroupHeader with(Counts newCounts) {
    return new GroupHeader(
        runId, groupId, purpose, ordinal, times, shape, prompt, newCounts, compared);
  }

  GroupHeader with(Shape newShape) {
    return new GroupHeader(
        runId, groupId, purpose, ordinal, times, newShape, prompt, counts, compared);
  }

  /** Records that these members were sent to groupwise judges. */
  GroupHeader withCompared(List<MemberId> members) {
    return new GroupHeader(runId, groupId, purpose, ordinal, times, shape, prompt, counts, members);
  }

  GroupHeader present(int rolledOut, int judged) {
    return with(new Counts(rolledOut, judged, counts.duplicates(), counts.conflicts()));
  }

  GroupHeader duplicate() {
    return with(
        new Counts(
            counts.rolledOut(), counts.judged(), counts.duplicates() + 1, counts.conflicts()));
  }

  GroupHeader conflicts(int more) {
    return with(
        new Counts(
            counts.rolledOut(), counts.judged(), counts.duplicates(), counts.conflicts() + more));
  }
}
