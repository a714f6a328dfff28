package io.urteil.topology.group;

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
 * What is known of an open group besides its members.
 *
 * @param ordinal of the prompt; -1 when unknown
 * @param prompt what its prompt said; null until a prompt comes
 * @param compared the members that judges which compare members were asked about; empty until then
 */
public record GroupHeader(
    String runId,
    String groupId,
    Purpose purpose,
    long ordinal,
    Times times,
    Shape shape,
    @Nullable Asked prompt,
    Counts counts,
    List<MemberId> compared) {

  private static final Counts NOTHING = new Counts(0, 0, 0, 0);

  /**
   * When the group was opened and when it is closed as it is, in milliseconds since the epoch.
   *
   * @param openedAt when its first event was made
   * @param allowedMillis how long it may stay open
   * @param deadlineAt moved by a restart and by what {@code onMissing} allows
   * @param rounds how often {@code onMissing} has moved it
   */
  public record Times(long openedAt, long allowedMillis, long deadlineAt, int rounds) {
    static Times from(long openedAt, long allowedMillis) {
      return new Times(openedAt, allowedMillis, openedAt + allowedMillis, 0);
    }
  }

  /**
   * @param rolledOut expected members whose rollouts are there
   * @param judged those whose judgements are all there too
   * @param duplicates repeated events while the group was open
   * @param conflicts events that contradicted an earlier one while it was open
   */
  public record Counts(int rolledOut, int judged, int duplicates, int conflicts) {}

  /**
   * Which members are expected.
   *
   * @param certain false when neither a prompt nor a rollout has said it yet, and the run file's
   *     shape stands in; such a group is never whole
   * @param only the only members wanted; empty for all
   * @param retries members that were asked for again, at most one entry for each arm and index
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

    /** The expected members, by arm, then index, each with the latest attempt asked for. */
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

    /** Every attempt of this member's place that may still fill it, the earliest first. */
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

    /** Every attempt of a place that was asked for again and may come late without harm. */
    List<MemberId> retried() {
      return retries.stream()
          .flatMap(
              retry ->
                  java.util.stream.IntStream.rangeClosed(0, retry.to())
                      .mapToObj(n -> new MemberId(retry.arm(), retry.index(), n)))
          .toList();
    }

    /** Whether an earlier attempt of the place was given up in favour of later ones. */
    boolean hasGivenUp(MemberId member) {
      return retry(member)
          .filter(retry -> member.attempt() >= 0 && member.attempt() < retry.from())
          .isPresent();
    }

    /** Whether the member has an expected place, and is not the first attempt for it. */
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

    /** With these retries in place of earlier ones of the same members. */
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
   * A member that was asked for again. Of the attempts that count, the rollout that is first on the
   * log fills the place.
   *
   * @param from the earliest attempt that counts: above the first when that one was lost
   * @param to the latest attempt asked for
   */
  public record Retry(String arm, int index, int from, int to) {
    MemberId latest() {
      return new MemberId(arm, index, to);
    }
  }

  /**
   * What a group keeps of its prompt.
   *
   * @param position where it lies on {@code prompts}; null in state of an earlier layout
   * @param references by arm, where there is one
   */
  public record Asked(
      long fingerprint,
      @Nullable RecordPosition position,
      @Nullable Long policyVersion,
      Map<String, String> references,
      Map<String, String> columns) {
    public Asked {
      references = Map.copyOf(references);
      columns = Map.copyOf(columns);
    }
  }

  public GroupHeader {
    compared = List.copyOf(compared);
  }

  /** Whether every member that is waited for has every judgement. */
  boolean isWhole() {
    return shape.certain()
        && counts.judged() >= (compared.isEmpty() ? shape.size() : compared.size());
  }

  /** Whether the rollouts of all expected members are there. */
  boolean isRolledOut() {
    return shape.certain() && counts.rolledOut() >= shape.size();
  }

  static GroupHeader openedBy(Prompt prompt, RecordPosition position) {
    return new GroupHeader(
        prompt.getRunId(),
        prompt.getGroupId(),
        prompt.getPurpose(),
        prompt.getOrdinal(),
        Times.from(prompt.getCreatedAt().toEpochMilli(), prompt.getDeadlineMillis()),
        shapeOf(prompt),
        asked(prompt, position),
        NOTHING,
        List.of());
  }

  static GroupHeader openedBy(Rollout rollout, RunFile run) {
    return new GroupHeader(
        rollout.getRunId(),
        rollout.getGroupId(),
        rollout.getPurpose(),
        rollout.getOrdinal(),
        Times.from(rollout.getCreatedAt().toEpochMilli(), run.group().deadline().toMillis()),
        rollout.getSamplesPerArm() > 0 ? shapeOf(rollout) : standIn(run),
        null,
        NOTHING,
        List.of());
  }

  static GroupHeader openedBy(Judgement judgement, RunFile run) {
    return new GroupHeader(
        judgement.getRunId(),
        judgement.getGroupId(),
        judgement.getPurpose(),
        -1,
        Times.from(judgement.getCreatedAt().toEpochMilli(), run.group().deadline().toMillis()),
        standIn(run),
        null,
        NOTHING,
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

  private static Shape standIn(RunFile run) {
    return new Shape(false, run.group().arms(), run.group().samplesPerArm(), List.of(), List.of());
  }

  private static Asked asked(Prompt prompt, RecordPosition position) {
    Map<String, String> references = new HashMap<>();
    for (PromptArm arm : prompt.getArms()) {
      if (arm.getReference() != null) {
        references.put(arm.getName(), arm.getReference());
      }
    }
    return new Asked(
        Fingerprint.of(prompt),
        position,
        prompt.getPolicyVersion(),
        references,
        prompt.getColumns());
  }

  /** The prompt came after another event had opened the group: its word counts. */
  GroupHeader askedBy(Prompt arrived, RecordPosition position) {
    GroupHeader asked = openedBy(arrived, position);
    Times asksFor = asked.times();
    Times moved =
        new Times(
            asksFor.openedAt(),
            asksFor.allowedMillis(),
            Math.max(asksFor.deadlineAt(), times.rounds() > 0 ? times.deadlineAt() : 0),
            times.rounds());
    return new GroupHeader(
        runId,
        groupId,
        asked.purpose(),
        asked.ordinal(),
        moved,
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

  /** The same group, to be looked at again at this time, in milliseconds since the epoch. */
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

  /** Judges that compare members have been asked about these. */
  GroupHeader comparing(List<MemberId> members) {
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
