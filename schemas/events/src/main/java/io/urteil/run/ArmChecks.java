package io.urteil.run;

import io.urteil.reward.RewardPart;
import io.urteil.reward.RewardRule;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.RuleJudge;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the arms that other sections name against those of {@code group.arms}. */
final class ArmChecks {

  private final GroupSection group;
  private final List<String> problems;

  private ArmChecks(GroupSection group, List<String> problems) {
    this.group = group;
    this.problems = problems;
  }

  static void check(
      GroupSection group,
      RewardRule reward,
      Map<String, JudgeSection> judges,
      @Nullable DataSection data,
      List<String> problems) {
    ArmChecks checks = new ArmChecks(group, problems);
    checks.checkReward(reward);
    judges.forEach(
        (name, judge) -> {
          if (judge instanceof RuleJudge.Verdict(String format, var formats)) {
            checks.checkKnown("judges." + name + ".formats", formats.keySet());
          }
        });
    if (data != null) {
      checks.checkKnown("data.judgePrompts", data.judgePrompts().keySet());
      if (data.judgePrompt() == null && !data.judgePrompts().isEmpty()) {
        problems.add(
            "data.judgePrompt: missing (expected: the prompt of the arms that judgePrompts does"
                + " not name)");
      }
    }
  }

  private void checkReward(RewardRule reward) {
    boolean byArm = reward.parts().values().stream().anyMatch(part -> !part.arms().isEmpty());
    checkPaired("group.arms", group.arms(), reward);
    reward
        .parts()
        .forEach(
            (name, part) -> {
              String path = byArm ? "reward.parts." + name + ".arms" : "group.arms";
              checkPaired(path, byArm ? part.arms() : group.arms(), part.rule());
            });
    if (byArm) {
      checkEachInOnePart(reward.parts());
    }
  }

  /** Every arm must be in exactly one part. */
  private void checkEachInOnePart(Map<String, RewardPart> parts) {
    Set<String> scored = new HashSet<>();
    parts.forEach(
        (name, part) -> {
          String path = "reward.parts." + name + ".arms";
          checkKnown(path, part.arms());
          for (String arm : part.arms()) {
            if (!scored.add(arm)) {
              problems.add("%s: %s (expected: each arm in one part)".formatted(path, arm));
            }
          }
        });
    if (!parts.isEmpty() && !scored.containsAll(group.arms())) {
      problems.add(
          "reward.parts: %s (expected: all of group.arms, %s)"
              .formatted(scored.stream().sorted().toList(), group.arms()));
    }
  }

  private void checkKnown(String path, Collection<String> arms) {
    if (!group.arms().containsAll(arms)) {
      problems.add(
          "%s: %s (expected: arms of group.arms, %s)"
              .formatted(path, arms.stream().sorted().toList(), group.arms()));
    }
  }

  private void checkPaired(String path, List<String> arms, RewardRule rule) {
    if (rule.pairsArms() && arms.size() != 2) {
      problems.add(
          "%s: %s (expected: two arms, since reward.rule is %s)"
              .formatted(path, arms, rule.rule()));
    }
  }
}
