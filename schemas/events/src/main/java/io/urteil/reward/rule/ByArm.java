package io.urteil.reward.rule;

import io.urteil.event.RewardStatus;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardPart;
import io.urteil.reward.RewardResult;
import io.urteil.run.keys.Keys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Several rules, each for its own arms: the reward of J1's multitask judges (arXiv 2505.10320v3),
 * whose groups contain a pair both as one pairwise and as two pointwise prompts. A rule receives
 * the members of its arms only.
 *
 * @param parts by name, in the order of the file; each arm is in one part
 */
public record ByArm(SequencedMap<String, RewardPart> parts) implements CompositeRule {

  static final RuleForm<ByArm> FORM = new RuleForm<>("by-arm", ByArm.class, ByArm::of);

  public ByArm {
    parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
  }

  private static ByArm of(RuleKeys<ByArm> rule) {
    SequencedMap<String, RewardPart> parts =
        rule.keys()
            .byName(
                "parts", ByArm::parts, part -> part(part, rule), true, "By name: each arm's part.");
    if (parts.isEmpty()) {
      rule.keys().problem("parts", "at least one part, name: {arms: […], rule: …, judge: …}");
    }
    return new ByArm(parts);
  }

  private static RewardPart part(Keys<RewardPart> keys, RuleKeys<?> rule) {
    List<String> arms =
        keys.names(
            "arms",
            RewardPart::arms,
            null,
            "The arms whose members this part scores. Every arm is in one part.");
    return new RewardPart(1, arms, RewardRules.part(keys.view(RewardPart::rule), rule.judges()));
  }

  @Override
  public String rule() {
    return FORM.name();
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    List<@Nullable RewardResult> results =
        new ArrayList<>(Collections.nCopies(group.size(), (RewardResult) null));
    for (RewardPart part : parts.values()) {
      List<Integer> places = new ArrayList<>();
      for (int place = 0; place < group.size(); place++) {
        if (part.arms().contains(group.get(place).arm())) {
          places.add(place);
        }
      }
      List<RewardResult> ofPart = part.rule().rewards(places.stream().map(group::get).toList());
      for (int i = 0; i < places.size(); i++) {
        results.set(places.get(i), ofPart.get(i));
      }
    }
    List<RewardResult> all = new ArrayList<>();
    for (int place = 0; place < group.size(); place++) {
      RewardResult result = results.get(place);
      all.add(result == null ? unscored(group.get(place).arm()) : result);
    }
    return all;
  }

  private static RewardResult unscored(String arm) {
    return new RewardResult.Unscored(
        RewardStatus.UNPRICED, "arm '%s' has no part in the rule by-arm".formatted(arm), null);
  }
}
