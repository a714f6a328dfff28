package io.urteil.local.train;

import io.urteil.event.GroupOutcome;
import io.urteil.event.Namespace;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReader;
import io.urteil.event.RolloutReference;
import io.urteil.event.Segment;
import io.urteil.local.watch.RunStatistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Chooses held-out prompts that are typical of the last version, by a rule that reads no text: of
 * its right responses the one of median length, and of the wrong ones the same. The more frequent
 * of the two, which is the median of the outcomes, comes first. Only the first member of a group
 * counts, so that the arm is always the same.
 */
final class HeldOutExamples {

  /** A prompt that both versions answered. */
  record Choice(OutcomeMember before, OutcomeMember after) {

    boolean isRight() {
      return Boolean.TRUE.equals(after.getRight());
    }
  }

  private final List<Choice> choices;

  private HeldOutExamples(List<Choice> choices) {
    this.choices = List.copyOf(choices);
  }

  /**
   * @param last the last version
   * @param size number of held-out groups of a version
   */
  static HeldOutExamples of(RunStatistics figures, long last, int size) {
    return size == 0
        ? new HeldOutExamples(List.of())
        : of(figures.evaluationGroups(0), figures.evaluationGroups(last), size);
  }

  static HeldOutExamples of(List<GroupOutcome> before, List<GroupOutcome> after, int size) {
    Map<Long, OutcomeMember> earlier = new HashMap<>();
    for (GroupOutcome group : before) {
      earlier.put(group.getOrdinal() % size, group.getMembers().getFirst());
    }
    List<Choice> answered = new ArrayList<>();
    for (GroupOutcome group :
        after.stream().sorted(Comparator.comparing(GroupOutcome::getOrdinal)).toList()) {
      // Every version is evaluated on the same prompts in the same order.
      OutcomeMember other = earlier.get(group.getOrdinal() % size);
      OutcomeMember member = group.getMembers().getFirst();
      if (other != null && other.getRollout() != null && member.getRollout() != null) {
        answered.add(new Choice(other, member));
      }
    }
    Map<Boolean, List<Choice>> byOutcome =
        answered.stream().collect(Collectors.partitioningBy(Choice::isRight));
    return new HeldOutExamples(
        byOutcome.values().stream()
            .filter(some -> !some.isEmpty())
            .sorted(Comparator.comparingInt((List<Choice> some) -> -some.size()))
            .map(HeldOutExamples::median)
            .toList());
  }

  private static Choice median(List<Choice> some) {
    List<Choice> byLength =
        some.stream()
            .sorted(Comparator.comparingInt(choice -> choice.after().getTrainedTokens()))
            .toList();
    return byLength.get((byLength.size() - 1) / 2);
  }

  List<Choice> choices() {
    return choices;
  }

  /** Reads the texts from the topics; leaves out what is no longer there. */
  List<HeldOutExample> read(Namespace namespace) {
    if (choices.isEmpty()) {
      return List.of();
    }
    try (RolloutReader reader = new RolloutReader(namespace)) {
      return choices.stream().flatMap(choice -> read(reader, choice).stream()).toList();
    }
  }

  private static Optional<HeldOutExample> read(RolloutReader reader, Choice choice) {
    RolloutReference one = choice.before().getRollout();
    RolloutReference other = choice.after().getRollout();
    if (one == null || other == null) {
      return Optional.empty();
    }
    var payloads = reader.read(List.of(one, other));
    if (payloads.get(one) instanceof RolloutReader.Payload.Found(Rollout first)
        && payloads.get(other) instanceof RolloutReader.Payload.Found(Rollout last)) {
      String reference = last.getReference();
      return Optional.of(
          new HeldOutExample(
              prompt(last),
              reference == null ? "" : reference,
              choice.isRight(),
              response(first),
              response(last)));
    }
    return Optional.empty();
  }

  private static String prompt(Rollout rollout) {
    List<Segment> segments = rollout.getSegments();
    return segments.subList(0, segments.size() - 1).stream()
        .map(segment -> String.valueOf(segment.getText()))
        .collect(Collectors.joining("\n"));
  }

  private static String response(Rollout rollout) {
    return String.valueOf(rollout.getSegments().getLast().getText());
  }
}
