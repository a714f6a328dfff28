package io.urteil.gateway.http;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.urteil.advantage.Advantage;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.OutcomeMember;
import io.urteil.gateway.GroupProgress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a group.
 *
 * @param status open, complete, partial, expired, failed, filtered or cancelled
 * @param reason why it is not complete; null if it is, or is open
 * @param judged members with a judgement
 * @param expected members of the group
 * @param members by arm, then index; empty while the group is open
 */
@Schema(description = "State of a group. A reward that does not exist is null, with its reason.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GroupAnswer(
    String run,
    String id,
    @Schema(
            enumeration = {
              "open",
              "complete",
              "partial",
              "expired",
              "failed",
              "filtered",
              "cancelled"
            })
        String status,
    @Nullable String reason,
    int judged,
    int expected,
    List<MemberAnswer> members) {

  /** Whether the group has no outcome yet; every closed group has members. */
  @JsonIgnore
  public boolean isOpen() {
    return members.isEmpty();
  }

  /** An open group. */
  static GroupAnswer open(GroupProgress progress) {
    return new GroupAnswer(
        progress.name().run(),
        progress.name().id(),
        progress.cancelled() ? "cancelled" : "open",
        null,
        progress.judged(),
        progress.expected(),
        List.of());
  }

  /**
   * A closed group.
   *
   * @param estimator of its run, which computes the advantages within each arm
   */
  public static GroupAnswer closed(GroupOutcome outcome, @Nullable Advantage estimator) {
    Map<OutcomeMember, Double> advantages = advantages(outcome, estimator);
    List<MemberAnswer> members =
        outcome.getMembers().stream()
            .map(member -> MemberAnswer.of(member, advantages.get(member)))
            .toList();
    int judged =
        (int) outcome.getMembers().stream().filter(each -> each.getJudgedAt() != null).count();
    return new GroupAnswer(
        outcome.getRunId(),
        outcome.getGroupId(),
        status(outcome.getStatus()),
        outcome.getReason(),
        judged,
        outcome.getExpected(),
        members);
  }

  private static Map<OutcomeMember, Double> advantages(
      GroupOutcome outcome, @Nullable Advantage estimator) {
    Map<OutcomeMember, Double> advantages = new IdentityHashMap<>();
    if (estimator == null) {
      return advantages;
    }
    Map<String, List<OutcomeMember>> arms = new LinkedHashMap<>();
    for (OutcomeMember member : outcome.getMembers()) {
      if (member.getReward() != null) {
        arms.computeIfAbsent(member.getArm(), arm -> new ArrayList<>()).add(member);
      }
    }
    for (List<OutcomeMember> arm : arms.values()) {
      double[] of =
          estimator.advantages(arm.stream().mapToDouble(OutcomeMember::getReward).toArray());
      for (int i = 0; i < of.length; i++) {
        if (Double.isFinite(of[i])) {
          advantages.put(arm.get(i), of[i]);
        }
      }
    }
    return advantages;
  }

  private static String status(GroupStatus status) {
    return status == GroupStatus.POISONED ? "failed" : status.name().toLowerCase(Locale.ROOT);
  }
}
