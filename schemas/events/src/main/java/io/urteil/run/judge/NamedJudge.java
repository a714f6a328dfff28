package io.urteil.run.judge;

import io.urteil.run.keys.Keys;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A judge of a run file, primary or shadow.
 *
 * @param share sample rate of a shadow judge; null for a primary judge
 */
public record NamedJudge(JudgeSection judge, @Nullable Double share) {

  private static final SequencedMap<String, Function<Keys<JudgeSection>, JudgeSection>> TYPES =
      new LinkedHashMap<>();

  static {
    TYPES.put("verdict", keys -> RuleJudge.Verdict.of(keys.as(RuleJudge.Verdict.class)));
    TYPES.put("answer", keys -> RuleJudge.Answer.of(keys.as(RuleJudge.Answer.class)));
    TYPES.put(
        "majority-answer",
        keys -> RuleJudge.MajorityAnswer.of(keys.as(RuleJudge.MajorityAnswer.class)));
    TYPES.put("generative", keys -> ModelJudge.Generative.of(keys.as(ModelJudge.Generative.class)));
    TYPES.put("tournament", keys -> ModelJudge.Tournament.of(keys.as(ModelJudge.Tournament.class)));
    TYPES.put("listwise", keys -> ModelJudge.Listwise.of(keys.as(ModelJudge.Listwise.class)));
    TYPES.put("rubric", keys -> RubricJudge.of(keys.as(RubricJudge.class)));
    TYPES.put("scalar", keys -> ModelJudge.Scalar.of(keys.as(ModelJudge.Scalar.class)));
  }

  public static NamedJudge of(Keys<NamedJudge> keys) {
    Double share =
        keys.optional(
            "shadow",
            false,
            NamedJudge::share,
            ShadowJudge::share,
            "Makes this a shadow judge, whose judgements never reach rewards.");
    JudgeSection judge = judge(keys.view(NamedJudge::judge));
    keys.last("shadow");
    return new NamedJudge(judge, share);
  }

  private static JudgeSection judge(Keys<JudgeSection> keys) {
    String expected = "one of " + String.join(", ", TYPES.keySet());
    return keys.kind(
        "type",
        JudgeSection::type,
        TYPES,
        ".*\\..*",
        plugin -> CustomJudge.of(plugin.as(CustomJudge.class)),
        expected,
        expected + "; or the type of a judge plug-in, which contains a dot",
        new RuleJudge.Verdict("", Map.of()),
        "Type of the judge.");
  }
}
