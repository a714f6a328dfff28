package io.urteil.reward.rule;

import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardPart;
import io.urteil.reward.RewardResult;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The weighted sum of several rules, usually one for each judge. A member without a reward in one
 * part has no reward: a sum over fewer parts is another quantity.
 *
 * @param parts by name, in the order of the file
 */
public record WeightedSum(SequencedMap<String, RewardPart> parts) implements CompositeRule {

  static final RuleForm<WeightedSum> FORM =
      new RuleForm<>("weighted", WeightedSum.class, WeightedSum::of);

  public WeightedSum {
    parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
  }

  private static WeightedSum of(RuleKeys<WeightedSum> rule) {
    SequencedMap<String, RewardPart> parts =
        rule.keys()
            .byName(
                "parts",
                WeightedSum::parts,
                part -> part(part, rule),
                true,
                "By name: the sum's parts.");
    if (parts.isEmpty()) {
      rule.keys().problem("parts", "at least one part, name: {rule: …, judge: …, weight: …}");
    }
    return new WeightedSum(parts);
  }

  private static RewardPart part(Keys<RewardPart> keys, RuleKeys<?> rule) {
    double weight =
        keys.number("weight", RewardPart::weight, 1.0, Bounds.ANY, "Factor of the part's reward.");
    return new RewardPart(
        weight, List.of(), RewardRules.part(keys.view(RewardPart::rule), rule.judges()));
  }

  @Override
  public String rule() {
    return FORM.name();
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    SequencedMap<String, List<RewardResult>> results = new LinkedHashMap<>();
    parts.forEach((name, part) -> results.put(name, part.rule().rewards(group)));
    List<RewardResult> sums = new ArrayList<>();
    for (int place = 0; place < group.size(); place++) {
      sums.add(sum(results, place));
    }
    return sums;
  }

  private RewardResult sum(SequencedMap<String, List<RewardResult>> results, int place) {
    SequencedMap<String, Double> sum = new LinkedHashMap<>();
    @Nullable Boolean right = null;
    for (var part : parts.entrySet()) {
      String name = part.getKey();
      List<RewardResult> ofPart = results.getOrDefault(name, List.of());
      switch (ofPart.get(place)) {
        case RewardResult.Unscored(var status, String reason, Boolean agrees) -> {
          return new RewardResult.Unscored(status, "part '%s': %s".formatted(name, reason), agrees);
        }
        case RewardResult.Scored scored -> {
          sum.put(name, part.getValue().weight() * scored.value());
          right = right == null ? scored.right() : right;
        }
      }
    }
    return new RewardResult.Scored(sum, right);
  }
}
