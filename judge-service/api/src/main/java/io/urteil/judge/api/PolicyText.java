package io.urteil.judge.api;

import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import java.util.List;
import java.util.Optional;

/** The text of the policy's last turn. */
public final class PolicyText {

  /** Role of the segment with the assistant prefix, directly before the policy's text. */
  public static final String PREFIX_ROLE = "prefix";

  private static final String POLICY_ROLE = "assistant";

  private PolicyText() {}

  /** The last turn, including its assistant prefix; empty if there is none. */
  public static Optional<String> last(Rollout rollout) {
    List<Segment> segments = rollout.getSegments();
    int last = lastTurn(segments);
    if (last < 0) {
      return Optional.empty();
    }
    String text = segments.get(last).getText();
    Segment before = segments.get(Math.max(last - 1, 0));
    return text != null && before.getRole().equals(PREFIX_ROLE) && before.getText() != null
        ? Optional.of(before.getText() + text)
        : Optional.ofNullable(text);
  }

  /** All segments before the last turn and its prefix; none if there is no turn. */
  public static List<Segment> before(Rollout rollout) {
    List<Segment> segments = rollout.getSegments();
    int end = lastTurn(segments);
    if (end < 0) {
      return List.of();
    }
    boolean prefixed = end > 0 && segments.get(end - 1).getRole().equals(PREFIX_ROLE);
    return segments.subList(0, prefixed ? end - 1 : end);
  }

  private static int lastTurn(List<Segment> segments) {
    int last = segments.size() - 1;
    while (last >= 0 && !segments.get(last).getRole().equals(POLICY_ROLE)) {
      last--;
    }
    return last;
  }
}
