package io.urteil.evaluation.benchmark;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.event.ContentHash;
import io.urteil.event.EventCodec;
import io.urteil.event.FinishReason;
import io.urteil.event.Ids;
import io.urteil.event.Message;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts a presentation to events: one prompt, and one rollout per candidate in presented order.
 * Pure.
 */
public final class ComparisonEvents {

  static {
    EventCodec.trustEvents();
  }

  /** Column with the id of the comparison. */
  static final String COMPARISON = "comparison";

  /** Column with the name of the presented order. */
  static final String ORDER = "order";

  /**
   * Deadline of a group, long enough for any judge. A later session can judge missing candidates.
   */
  static final Duration DEADLINE = Duration.ofHours(24);

  private static final String ARM = "only";

  private ComparisonEvents() {}

  /** The group id of a presentation. */
  public static String groupId(String runId, int presentation) {
    return Ids.group(runId, Purpose.EVALUATE, presentation);
  }

  public static Prompt prompt(String runId, Presentation presentation, Instant now) {
    Comparison comparison = presentation.comparison();
    PromptArm arm =
        PromptArm.newBuilder()
            .setName(ARM)
            .setMessages(List.of(new Message("user", comparison.question(), null)))
            .setReference(reference(comparison))
            .build();
    return Prompt.newBuilder()
        .setRunId(runId)
        .setGroupId(groupId(runId, presentation.number()))
        .setOrdinal(presentation.number())
        .setPurpose(Purpose.EVALUATE)
        .setArms(List.of(arm))
        .setSamplesPerArm(comparison.candidates().size())
        .setDeadlineMillis(DEADLINE.toMillis())
        .setColumns(columns(presentation))
        .setCreatedAt(now)
        .build();
  }

  public static List<Rollout> rollouts(String runId, Presentation presentation, Instant now) {
    Comparison comparison = presentation.comparison();
    List<Comparison.Candidate> shown = presentation.order().applyTo(comparison.candidates());
    List<Rollout> rollouts = new ArrayList<>();
    for (int position = 0; position < shown.size(); position++) {
      List<Segment> segments =
          List.of(
              Segment.newBuilder().setRole("user").setText(comparison.question()).build(),
              Segment.newBuilder()
                  .setRole("assistant")
                  .setText(shown.get(position).text())
                  .build());
      rollouts.add(
          Rollout.newBuilder()
              .setRunId(runId)
              .setGroupId(groupId(runId, presentation.number()))
              .setArm(ARM)
              .setIndex(position)
              .setOrdinal(presentation.number())
              .setPurpose(Purpose.EVALUATE)
              .setSegments(segments)
              .setFinishReason(FinishReason.UNKNOWN)
              .setReference(reference(comparison))
              .setColumns(columns(presentation))
              .setContentHash(ContentHash.of(segments))
              .setDispatchedAt(now)
              .setCreatedAt(now)
              .build());
    }
    return rollouts;
  }

  /** The reference answer; never the gold label. */
  private static @Nullable String reference(Comparison comparison) {
    return comparison.columns().get(BenchmarkFormats.REFERENCE);
  }

  private static Map<String, String> columns(Presentation presentation) {
    Map<String, String> columns = new HashMap<>();
    columns.put(COMPARISON, presentation.comparison().id());
    columns.put(ORDER, presentation.order().name());
    return columns;
  }
}
