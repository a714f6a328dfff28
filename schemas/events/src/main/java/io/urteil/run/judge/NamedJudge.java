package io.urteil.run.judge;

import io.urteil.run.keys.Keys;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One judge of a run file, paid or shadow.
 *
 * @param share of the groups that a shadow judge judges; null for a judge that is paid
 */
public record NamedJudge(JudgeSection judge, @Nullable Double share) {

  private static final SequencedMap<String, Function<Keys<JudgeSection>, JudgeSection>> KINDS =
      new LinkedHashMap<>();

  static {
    KINDS.put("verdict", keys -> RuleJudge.Verdict.of(keys.as(RuleJudge.Verdict.class)));
    KINDS.put("answer", keys -> RuleJudge.Answer.of(keys.as(RuleJudge.Answer.class)));
    KINDS.put(
        "majority-answer",
        keys -> RuleJudge.MajorityAnswer.of(keys.as(RuleJudge.MajorityAnswer.class)));
    KINDS.put("generative", keys -> ModelJudge.Generative.of(keys.as(ModelJudge.Generative.class)));
    KINDS.put("tournament", keys -> ModelJudge.Tournament.of(keys.as(ModelJudge.Tournament.class)));
    KINDS.put("listwise", keys -> ModelJudge.Listwise.of(keys.as(ModelJudge.Listwise.class)));
    KINDS.put("scalar", keys -> ModelJudge.Scalar.of(keys.as(ModelJudge.Scalar.class)));
  }

  public static NamedJudge of(Keys<NamedJudge> keys) {
    Double share =
        keys.optional(
            "shadow",
            false,
            NamedJudge::share,
            ShadowJudge::share,
            "Makes it a shadow judge, whose judgements never reach rewards.");
    JudgeSection judge = judge(keys.view(NamedJudge::judge));
    keys.last("shadow");
    return new NamedJudge(judge, share);
  }

  private static JudgeSection judge(Keys<JudgeSection> keys) {
    String expected = "one of " + String.join(", ", KINDS.keySet());
    return keys.kind(
        "type",
        JudgeSection::type,
        KINDS,
        ".*\\..*",
        added -> CustomJudge.of(added.as(CustomJudge.class)),
        expected,
        expected + "; the type of an added judge has a dot in it",
        new RuleJudge.Verdict("", Map.of()),
        "Kind of the judge.");
  }
}
