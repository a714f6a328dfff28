package io.urteil.topology;

import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.topology.group.ClosedGroupMarker;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.GroupState;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** An event that a group takes. */
sealed interface GroupEvent {

  Topic topic();

  String runId();

  String groupId();

  boolean isTakenBy(ClosedGroupMarker tombstone);

  GroupChange on(GroupState state, RecordPosition position);

  static @Nullable GroupEvent of(SpecificRecord event) {
    return switch (event) {
      case Prompt prompt -> new OfPrompt(prompt);
      case Rollout rollout -> new OfRollout(rollout);
      case Judgement judgement -> new OfJudgement(judgement);
      default -> null;
    };
  }

  record OfPrompt(Prompt prompt) implements GroupEvent {
    @Override
    public Topic topic() {
      return Topic.PROMPTS;
    }

    @Override
    public String runId() {
      return prompt.getRunId();
    }

    @Override
    public String groupId() {
      return prompt.getGroupId();
    }

    @Override
    public boolean isTakenBy(ClosedGroupMarker tombstone) {
      return tombstone.has(prompt);
    }

    @Override
    public GroupChange on(GroupState state, RecordPosition position) {
      return state.on(prompt, position);
    }
  }

  record OfRollout(Rollout rollout) implements GroupEvent {
    @Override
    public Topic topic() {
      return Topic.ROLLOUTS;
    }

    @Override
    public String runId() {
      return rollout.getRunId();
    }

    @Override
    public String groupId() {
      return rollout.getGroupId();
    }

    @Override
    public boolean isTakenBy(ClosedGroupMarker tombstone) {
      return tombstone.has(rollout);
    }

    @Override
    public GroupChange on(GroupState state, RecordPosition position) {
      return state.on(rollout, position);
    }
  }

  record OfJudgement(Judgement judgement) implements GroupEvent {
    @Override
    public Topic topic() {
      return Topic.JUDGEMENTS;
    }

    @Override
    public String runId() {
      return judgement.getRunId();
    }

    @Override
    public String groupId() {
      return judgement.getGroupId();
    }

    @Override
    public boolean isTakenBy(ClosedGroupMarker tombstone) {
      return tombstone.has(judgement);
    }

    @Override
    public GroupChange on(GroupState state, RecordPosition position) {
      return state.on(judgement, position);
    }
  }
}
