package io.urteil.topology;

import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.topology.group.Arrival;
import io.urteil.topology.group.ClosedGroupMarker;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.GroupState;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** An input event of a group. */
sealed interface GroupEvent {

  Topic topic();

  String runId();

  String groupId();

  Purpose purpose();

  /** Ordinal of the prompt; -1 if the event does not state it. */
  long ordinal();

  /** Whether the closed group had accepted this event, so that it is a repetition. */
  boolean wasAcceptedBy(ClosedGroupMarker marker);

  GroupChange on(GroupState state, Arrival arrival);

  static @Nullable GroupEvent of(SpecificRecord event) {
    return switch (event) {
      case Prompt prompt -> new PromptReceived(prompt);
      case Rollout rollout -> new RolloutReceived(rollout);
      case Judgement judgement -> new JudgementReceived(judgement);
      default -> null;
    };
  }

  record PromptReceived(Prompt prompt) implements GroupEvent {
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
    public Purpose purpose() {
      return prompt.getPurpose();
    }

    @Override
    public long ordinal() {
      return prompt.getOrdinal();
    }

    @Override
    public boolean wasAcceptedBy(ClosedGroupMarker marker) {
      return marker.contains(prompt);
    }

    @Override
    public GroupChange on(GroupState state, Arrival arrival) {
      return state.on(prompt, arrival);
    }
  }

  record RolloutReceived(Rollout rollout) implements GroupEvent {
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
    public Purpose purpose() {
      return rollout.getPurpose();
    }

    @Override
    public long ordinal() {
      return rollout.getOrdinal();
    }

    @Override
    public boolean wasAcceptedBy(ClosedGroupMarker marker) {
      return marker.contains(rollout);
    }

    @Override
    public GroupChange on(GroupState state, Arrival arrival) {
      return state.on(rollout, arrival);
    }
  }

  record JudgementReceived(Judgement judgement) implements GroupEvent {
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
    public Purpose purpose() {
      return judgement.getPurpose();
    }

    @Override
    public long ordinal() {
      return -1;
    }

    @Override
    public boolean wasAcceptedBy(ClosedGroupMarker marker) {
      return marker.contains(judgement);
    }

    @Override
    public GroupChange on(GroupState state, Arrival arrival) {
      return state.on(judgement, arrival);
    }
  }
}
