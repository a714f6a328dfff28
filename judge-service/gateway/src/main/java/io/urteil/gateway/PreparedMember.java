package io.urteil.gateway;

import io.urteil.contract.EventRules;
import io.urteil.event.RequestedMember;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import java.util.Map;

/**
 * A submitted member as it goes to the topics.
 *
 * @param requested its claim, with the hash of everything that was submitted for it
 * @param rollout its event
 */
record PreparedMember(RequestedMember requested, Rollout rollout) {

  private static final int SEGMENT_OVERHEAD = 64;

  /** Approximate size of the event, in bytes. */
  long bytes() {
    long bytes = EventRules.bytes(rollout.getReference());
    for (Map.Entry<String, String> column : rollout.getColumns().entrySet()) {
      bytes += EventRules.bytes(column.getKey()) + EventRules.bytes(column.getValue());
    }
    for (Segment segment : rollout.getSegments()) {
      bytes +=
          EventRules.bytes(segment.getText())
              + segment.getTokens().remaining()
              + segment.getLogprobs().remaining()
              + segment.getTrained().remaining()
              + SEGMENT_OVERHEAD;
    }
    return bytes;
  }

  MemberSlot slot() {
    return slot(requested);
  }

  static MemberSlot slot(RequestedMember member) {
    return new MemberSlot(member.getArm(), member.getIndex());
  }
}
