package io.urteil.contract;

import io.urteil.event.Judgement;
import io.urteil.event.MemberKey;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.run.GroupSection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks an event against {@link EventLimits}, before anything is allocated or stored by its
 * numbers: a group of two billion members, or a label of five megabytes, would otherwise stop the
 * component that reads it. Each method returns the first violation, as the field, the value found
 * and the expected one; empty if there is none. Pure.
 */
public final class EventRules {

  private EventRules() {}

  /** The first violation of a prompt. */
  public static Optional<String> violation(Prompt prompt) {
    long deadline = GroupSection.MAX_DEADLINE.toMillis();
    if (prompt.getDeadlineMillis() < 0 || prompt.getDeadlineMillis() > deadline) {
      return Optional.of(
          "deadlineMillis: %d (expected: 0 to %d)".formatted(prompt.getDeadlineMillis(), deadline));
    }
    long references = 0;
    for (PromptArm arm : prompt.getArms()) {
      references += bytes(arm.getReference());
    }
    long columns = 0;
    for (Map.Entry<String, String> column : prompt.getColumns().entrySet()) {
      columns += bytes(column.getKey()) + bytes(column.getValue());
    }
    long members = (long) prompt.getArms().size() * prompt.getSamplesPerArm();
    for (MemberKey member : prompt.getMembers()) {
      Optional<String> violation = member(member.getArm(), member.getAttempt());
      if (violation.isPresent()) {
        return violation;
      }
    }
    return first(
        size("groupId", prompt.getGroupId(), EventLimits.GROUP_ID_BYTES),
        arms(prompt.getArms().stream().map(PromptArm::getName).toList()),
        members(Math.max(members, prompt.getMembers().size())),
        over("references", references, EventLimits.REFERENCE_BYTES, "bytes"),
        over("columns", columns, EventLimits.COLUMNS_BYTES, "bytes"));
  }

  /** The first violation of a rollout. */
  public static Optional<String> violation(Rollout rollout) {
    return first(
        size("groupId", rollout.getGroupId(), EventLimits.GROUP_ID_BYTES),
        member(rollout.getArm(), rollout.getAttempt()),
        arms(rollout.getArms()),
        members((long) rollout.getArms().size() * rollout.getSamplesPerArm()),
        size("reference", rollout.getReference(), EventLimits.REFERENCE_BYTES));
  }

  /** The first violation of a judgement, whose numbers must also be finite. */
  public static Optional<String> violation(Judgement judgement) {
    return first(
        size("groupId", judgement.getGroupId(), EventLimits.GROUP_ID_BYTES),
        member(judgement.getArm(), judgement.getAttempt()),
        size("judgementId", judgement.getJudgementId(), EventLimits.JUDGEMENT_ID_BYTES),
        size("contentHash", judgement.getContentHash(), EventLimits.LABEL_BYTES),
        size("fault", judgement.getFault(), EventLimits.LABEL_BYTES),
        judgement.getVerdict() == null ? Optional.empty() : violation(judgement.getVerdict()));
  }

  /** The first violation of a verdict. */
  public static Optional<String> violation(Verdict verdict) {
    return first(
        size("label", verdict.getLabel(), EventLimits.LABEL_BYTES),
        size("preference", verdict.getPreference(), EventLimits.LABEL_BYTES),
        over("scores", verdict.getScores().size(), EventLimits.SCORES, "values"),
        over("probabilities", verdict.getProbabilities().size(), EventLimits.SCORES, "values"),
        finite("scores", verdict.getScores(), -Double.MAX_VALUE, Double.MAX_VALUE),
        finite("probabilities", verdict.getProbabilities(), 0, 1));
  }

  private static Optional<String> arms(List<String> arms) {
    return arms.size() > EventLimits.MEMBERS
        ? over("arms", arms.size(), EventLimits.MEMBERS)
        : arms.stream()
            .flatMap(arm -> size("arm", arm, EventLimits.ARM_BYTES).stream())
            .findFirst();
  }

  private static Optional<String> member(String arm, int attempt) {
    return attempt < 0 || attempt > EventLimits.ATTEMPTS
        ? Optional.of("attempt: %d (expected: 0 to %d)".formatted(attempt, EventLimits.ATTEMPTS))
        : size("arm", arm, EventLimits.ARM_BYTES);
  }

  private static Optional<String> members(long members) {
    return over("members of the group", members, EventLimits.MEMBERS);
  }

  private static Optional<String> finite(
      String field, List<Double> values, double least, double most) {
    for (double value : values) {
      // NaN fails both comparisons.
      if (!(value >= least && value <= most)) {
        return Optional.of(
            "%s: %s (expected: %s)"
                .formatted(field, value, most == 1 ? "0 to 1" : "a finite number"));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> size(String field, @Nullable String text, int most) {
    return over(field, bytes(text), most, "bytes");
  }

  private static Optional<String> over(String field, long found, long most) {
    return found <= most
        ? Optional.empty()
        : Optional.of("%s: %d (expected: at most %d)".formatted(field, found, most));
  }

  private static Optional<String> over(String field, long found, long most, String unit) {
    return found <= most
        ? Optional.empty()
        : Optional.of("%s: %d %s (expected: at most %d)".formatted(field, found, unit, most));
  }

  /** Size of a text in UTF-8, computed without encoding it; at least the encoded size. */
  public static long bytes(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800 || Character.isSurrogate(c)) {
        bytes += 2;
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }

  @SafeVarargs
  private static Optional<String> first(Optional<String>... violations) {
    for (Optional<String> violation : violations) {
      if (violation.isPresent()) {
        return violation;
      }
    }
    return Optional.empty();
  }
}
