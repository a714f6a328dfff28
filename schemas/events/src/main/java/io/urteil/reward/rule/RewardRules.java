package io.urteil.reward.rule;

import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.reward.RewardRule;
import io.urteil.run.keys.Keys;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reward rules by name, and the run-file section {@code reward}. */
public final class RewardRules {

  /** No rule yet; no run file can be built with it. */
  public static final RewardRule NONE = new Missing();

  /** The built-in rules that do not consist of others. */
  private static final List<RuleForm<?>> SINGLE =
      List.of(
          VerdictReward.Variant.CORRECT.form(),
          VerdictReward.Variant.J1_VERDICT.form(),
          PairConsistency.FORM,
          PairedScores.FORM,
          VerdictReward.Variant.PLUS_MINUS_ONE.form(),
          JudgeLrm.FORM,
          ThinkJ.FORM,
          SelfVerify.FORM,
          ScoreShaping.FORM,
          ScalarScore.FORM);

  private static final List<RuleForm<?>> COMPOSITE = List.of(WeightedSum.FORM, ByArm.FORM);

  private static final List<RuleForm<?>> ALL =
      Stream.concat(SINGLE.stream(), COMPOSITE.stream()).toList();

  private record Missing() implements RewardRule {

    @Override
    public String rule() {
      return "";
    }

    @Override
    public List<String> judges() {
      return List.of("");
    }

    @Override
    public RewardRule withJudge(String judge) {
      return this;
    }

    @Override
    public List<RewardResult> rewards(List<JudgedMember> group) {
      throw new IllegalStateException("reward.rule: missing (expected: a run file with a rule)");
    }
  }

  private RewardRules() {}

  /**
   * The section {@code reward}.
   *
   * @param judges names of the run's judges
   * @param maxTokens longest text that the run samples, in tokens
   */
  public static RewardRule section(
      Keys<RewardRule> keys, Collection<String> judges, int maxTokens) {
    return rule(
        keys,
        ALL,
        (inner, form) -> {
          RewardRule rule = form.of(inner.view(OverlongPenalty::base), judges);
          Overlong overlong =
              inner.optional(
                  "overlong",
                  false,
                  OverlongPenalty::overlong,
                  penalty -> Overlong.of(penalty, maxTokens),
                  "Penalty of long texts, in addition to any rule.");
          inner.first("rule", "judge");
          return overlong == null ? rule : new OverlongPenalty(rule, overlong);
        });
  }

  /** A rule as a part of another. */
  static RewardRule part(Keys<RewardRule> keys, Collection<String> judges) {
    return rule(keys, SINGLE, (inner, form) -> form.of(inner, judges));
  }

  private static RewardRule rule(
      Keys<RewardRule> keys,
      List<RuleForm<?>> forms,
      BiFunction<Keys<RewardRule>, RuleForm<?>, RewardRule> description) {
    String expected =
        "one of " + ALL.stream().map(RuleForm::name).collect(Collectors.joining(", "));
    SequencedMap<String, Function<Keys<RewardRule>, RewardRule>> kinds = new LinkedHashMap<>();
    forms.forEach(form -> kinds.put(form.name(), of -> description.apply(of, form)));
    return keys.kind(
        "rule",
        RewardRule::rule,
        kinds,
        PluginReward.NAME,
        plugin -> description.apply(plugin, PluginReward.FORM),
        expected,
        expected + "; the name of a plug-in has a dot in it",
        NONE,
        "The rule that computes rewards from judgements.");
  }
}
