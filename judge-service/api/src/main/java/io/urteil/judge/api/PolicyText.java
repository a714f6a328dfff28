package io.urteil.judge.api;

import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import java.util.List;
import java.util.Optional;

/** What the policy itself wrote last. */
public final class PolicyText {

  private static final String POLICY_ROLE = "assistant";

  private PolicyText() {}

  /** The text of the last segment by the policy; empty when there is none. */
  public static Optional<String> last(Rollout rollout) {
    List<Segment> segments = rollout.getSegments();
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (segment.getRole().equals(POLICY_ROLE)) {
        return Optional.ofNullable(segment.getText());
      }
    }
    return Optional.empty();
  }
}
