package io.urteil.topology.group;

import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.run.RunFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an open group besides its members.
 *
 * @param ordinal of the prompt; -1 when unknown
 * @param prompt what its prompt said; null until a prompt comes
 */
public record GroupHeader(
    String runId,
    String groupId,
    Purpose purpose,
    long ordinal,
    Times times,
    Shape shape,
    @Nullable Asked prompt,
    Counts counts) {

  /**
   * When the group was opened and when it is closed as it is, in milliseconds since the epoch.
   *
   * @param openedAt when its first event was made
   * @param allowedMillis how long it may stay open
   * @param deadlineAt moved by a restart and by {@code onMissing: wait}
   * @param extended whether {@code onMissing: wait} has moved it
   */
  public record Times(long openedAt, long allowedMillis, long deadlineAt, boolean extended) {
    static Times from(long openedAt, long allowedMillis) {
      return new Times(openedAt, allowedMillis, openedAt + allowedMillis, false);
    }
  }

  /**
   * @param judged expected members whose judgements are all there
   * @param duplicates repeated events while the group was open
   * @param conflicts events that contradicted an earlier one while it was open
   */
  public record Counts(int judged, int duplicates, int conflicts) {}

  /**
   * Which members are expected.
   *
   * @param certain false when neither a prompt nor a rollout has said it yet, and the run file's
   *     shape stands in; such a group is never whole
   * @param only the only members wanted; empty for all
   */
  public record Shape(boolean certain, List<String> arms, int samplesPerArm, List<MemberId> only) {
    public Shape {
      arms = List.copyOf(arms);
      only = List.copyOf(only);
    }

    /** The expected members, by arm, then index. */
    public List<MemberId> members() {
      List<MemberId> members = new ArrayList<>();
      for (String arm : arms) {
        for (int index = 0; index < samplesPerArm; index++) {
          members.add(new MemberId(arm, index, 0));
        }
      }
      return only.isEmpty() ? members : only;
    }

    int size() {
      return only.isEmpty() ? arms.size() * samplesPerArm : only.size();
    }

    boolean expects(MemberId member) {
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
   * What a group keeps of its prompt.
   *
   * @param references by arm, where there is one
   */
  public record Asked(
      long fingerprint,
      @Nullable Long policyVersion,
      Map<String, String> references,
      Map<String, String> columns) {
    public Asked {
      references = Map.copyOf(references);
      columns = Map.copyOf(columns);
    }
  }

  boolean isWhole() {
    return shape.certain() && counts.judged() >= shape.size();
  }

  static GroupHeader openedBy(Prompt prompt) {
    return new GroupHeader(
        prompt.getRunId(),
        prompt.getGroupId(),
        prompt.getPurpose(),
        prompt.getOrdinal(),
        Times.from(prompt.getCreatedAt().toEpochMilli(), prompt.getDeadlineMillis()),
        shapeOf(prompt),
        asked(prompt),
        new Counts(0, 0, 0));
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
        new Counts(0, 0, 0));
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
        new Counts(0, 0, 0));
  }

  static Shape shapeOf(Prompt prompt) {
    return new Shape(
        true,
        prompt.getArms().stream().map(PromptArm::getName).toList(),
        prompt.getSamplesPerArm(),
        prompt.getMembers().stream()
            .map(key -> new MemberId(key.getArm(), key.getIndex(), key.getAttempt()))
            .toList());
  }

  static Shape shapeOf(Rollout rollout) {
    return new Shape(true, rollout.getArms(), rollout.getSamplesPerArm(), List.of());
  }

  private static Shape standIn(RunFile run) {
    return new Shape(false, run.group().arms(), run.group().samplesPerArm(), List.of());
  }

  private static Asked asked(Prompt prompt) {
    Map<String, String> references = new HashMap<>();
    for (PromptArm arm : prompt.getArms()) {
      if (arm.getReference() != null) {
        references.put(arm.getName(), arm.getReference());
      }
    }
    return new Asked(
        Fingerprint.of(prompt), prompt.getPolicyVersion(), references, prompt.getColumns());
  }

  /** The prompt came after another event had opened the group: its word counts. */
  GroupHeader askedBy(Prompt arrived) {
    GroupHeader asked = openedBy(arrived);
    Times asksFor = asked.times();
    Times moved =
        new Times(
            asksFor.openedAt(),
            asksFor.allowedMillis(),
            Math.max(asksFor.deadlineAt(), times.extended() ? times.deadlineAt() : 0),
            times.extended());
    return new GroupHeader(
        runId,
        groupId,
        asked.purpose(),
        asked.ordinal(),
        moved,
        asked.shape(),
        asked.prompt(),
        counts);
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
        counts);
  }

  GroupHeader with(Times newTimes) {
    return new GroupHeader(runId, groupId, purpose, ordinal, newTimes, shape, prompt, counts);
  }

  GroupHeader with(Counts newCounts) {
    return new GroupHeader(runId, groupId, purpose, ordinal, times, shape, prompt, newCounts);
  }

  GroupHeader judged(int members) {
    return with(new Counts(members, counts.duplicates(), counts.conflicts()));
  }

  GroupHeader duplicate() {
    return with(new Counts(counts.judged(), counts.duplicates() + 1, counts.conflicts()));
  }

  GroupHeader conflicts(int more) {
    return with(new Counts(counts.judged(), counts.duplicates(), counts.conflicts() + more));
  }
}
