package io.urteil.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import io.urteil.advantage.NormalisedAdvantage;
import io.urteil.batch.NoBatches;
import io.urteil.reward.RewardPart;
import io.urteil.reward.rule.JudgeLrm;
import io.urteil.reward.rule.Overlong;
import io.urteil.reward.rule.OverlongPenalty;
import io.urteil.reward.rule.PairConsistency;
import io.urteil.reward.rule.PairedScores;
import io.urteil.reward.rule.VerdictValues;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.ShadowJudge;
import io.urteil.run.judge.Weights;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunFileReaderTest {

  /** A key, and its value as a group: a scalar or a list, also within a mapping. */
  private static final Pattern KEY_AND_VALUE =
      Pattern.compile("[A-Za-z]+: *(\\[[^\\]]*\\]|[^\\s{},\\[\\]]+)");

  private static final String GOOD =
      """
      run: arithmetic-judge
      policy:   { model: models/seed-judge }
      data:     { prompts: prompts.jsonl, order: shuffled, seed: 1 }
      group:    { arms: [AB, BA], samplesPerArm: 8, deadline: 60s, onMissing: { survivors: 4 } }
      sampling: { temperature: 1.0, maxTokens: 58 }
      judges:   { outcome: { type: verdict, format: think-answer-scores } }
      reward:   { rule: j1-consistency, unparseable: -0.5, consistent: 0.5 }
      batch:    { kind: grpo, groups: 8, zeroVariance: keepCount }
      advantage: { baseline: mean, ddof: 0, epsilon: 1e-4 }
      staleness: { maxVersionsBehind: 4 }
      train:    { objective: grpo, steps: 60, learningRate: 3e-5, clip: [0.2, 0.28], normalise: token }
      checkpoint: { fullEvery: 1, keep: 5 }
      evaluate: { every: 10, prompts: heldout.jsonl, size: 200 }
      """;

  @Test
  void shouldReadEverySection() {
    RunFile run = RunFileReader.read("good.yaml", GOOD);

    assertThat(run.run()).isEqualTo("arithmetic-judge");
    assertThat(run.group().arms()).containsExactly("AB", "BA");
    assertThat(run.group().deadline()).isEqualTo(Duration.ofSeconds(60));
    assertThat(run.group().onMissing()).isEqualTo(new OnMissing.Survivors(4));
    assertThat(run.judges())
        .containsEntry("outcome", new RuleJudge.Verdict("think-answer-scores", Map.of()));
    assertThat(run.reward().judge()).isEqualTo("outcome");
    assertThat(run.reward())
        .isEqualTo(
            new PairConsistency(
                "outcome", new VerdictValues(1, 0, -0.5), 0.5, PairConsistency.Consistency.ADDS));
    assertThat(((NormalisedAdvantage) run.advantage()).epsilon()).isEqualTo(1e-4);
    assertThat(run.train())
        .isNotNull()
        .extracting(TrainSection::learningRate, TrainSection::clipHigh)
        .containsExactly(3e-5, 0.28);
    assertThat(run.hash()).hasSize(64);
  }

  @Test
  void shouldReadAShadowJudgeSeparately() {
    // Given
    String text =
        GOOD.replace(
            "format: think-answer-scores } }",
            "format: think-answer-scores }, strict: { type: answer, shadow: { share: 0.25 } } }");

    // When
    RunFile run = RunFileReader.read("shadow.yaml", text);

    // Then
    assertThat(run.judges()).containsOnlyKeys("outcome");
    assertThat(run.shadows())
        .containsExactly(
            entry("strict", new ShadowJudge(new RuleJudge.Answer(RuleJudge.Compare.NUMBER), 0.25)));
  }

  @Test
  void shouldRefuseAShadowThatCannotBeOne() {
    // Given
    String text =
        GOOD.replace(
            "judges:   { outcome: { type: verdict, format: think-answer-scores } }",
            "judges:   { outcome: { type: majority-answer, shadow: { share: 2 } } }");

    // When
    RunFileException refused =
        catchThrowableOfType(RunFileException.class, () -> RunFileReader.read("shadow.yaml", text));

    // Then
    assertThat(refused.problems())
        .anySatisfy(p -> assertThat(p).startsWith("judges.outcome.shadow.share: 2 (expected:"))
        .anySatisfy(p -> assertThat(p).startsWith("judges: missing"));
  }

  @Test
  void shouldTakeTheShareOfTheGroupsAndTheSameOnesWhenAskedAgain() {
    // Given
    JudgeSection judge = new RuleJudge.Answer(RuleJudge.Compare.NUMBER);
    ShadowJudge tenth = new ShadowJudge(judge, 0.1);
    ShadowJudge half = new ShadowJudge(judge, 0.5);
    List<String> groups = IntStream.range(0, 10_000).mapToObj(i -> "run/t" + i).toList();

    // When
    List<String> few = groups.stream().filter(tenth::samples).toList();
    List<String> many = groups.stream().filter(half::samples).toList();

    // Then: five standard deviations of a binomial share
    assertThat(few.size()).isBetween(850, 1_150);
    assertThat(many.size()).isBetween(4_750, 5_250);
    assertThat(many).containsAll(few);
    assertThat(groups).allMatch(new ShadowJudge(judge, 1.0)::samples);
  }

  @Test
  void shouldNameEveryProblemWithPathValueAndExpectationAtOnce() {
    // Given
    String text =
        GOOD.replace("samplesPerArm: 8", "samplesPerArm: 0")
            .replace("deadline: 60s", "deadline: soon")
            .replace("rule: j1-consistency, unparseable: -0.5", "rule: j1-consistency")
            .replace("learningRate: 3e-5", "learningRte: 3e-5")
            .replace("order: shuffled", "order: random");

    // When
    List<String> problems = problemsOf(text);

    // Then
    assertThat(problems)
        .containsExactlyInAnyOrder(
            "group.samplesPerArm: 0 (expected: a whole number of at least 1)",
            "group.deadline: 'soon' (expected: a duration such as 500ms, 60s, 5m or 1h, above 0, at"
                + " most 8784h)",
            "group.onMissing.survivors: 4 (expected: at most samplesPerArm, which is 1)",
            "reward.unparseable: missing (expected: a number; this value has no default)",
            "train.learningRate: missing (expected: a number above 0, such as 3.0e-5)",
            "train.learningRte: 3.0E-5 (expected: no such key; known keys: objective, clip, betas,"
                + " steps, learningRate, normalise, kl, gradientClip, weightDecay, importance)",
            "data.order: 'random' (expected: one of given, shuffled)");
  }

  @ParameterizedTest
  @CsvSource({
    "deadline: 60s, deadline: 99999999999999999h, group.deadline",
    "deadline: 60s, deadline: 99999999999h, group.deadline",
    "deadline: 60s, deadline: 8785h, group.deadline",
    "deadline: 60s, deadline: 0s, group.deadline",
    "samplesPerArm: 8, samplesPerArm: 8193, group.samplesPerArm",
    "samplesPerArm: 8, samplesPerArm: 2147483647, group.samplesPerArm",
    "samplesPerArm: 8, samplesPerArm: 99999999999, group.samplesPerArm",
  })
  void shouldRefuseWhatWouldStopAComponent(String good, String absurd, String key) {
    assertThat(problemsOf(GOOD.replace(good, absurd))).anyMatch(p -> p.startsWith(key + ": "));
  }

  @Test
  void shouldRefuseARunThatIsNamedAsADirectoryAbove() {
    for (String name : List.of(".", "..")) {
      assertThat(problemsOf(GOOD.replaceFirst("run: \\S+", "run: '" + name + "'")))
          .singleElement()
          .asString()
          .startsWith("run: '" + name + "'");
    }
  }

  /** A run file comes from a topic, too: nothing in it may throw anything else. */
  @Property(tries = 2_000)
  void shouldReadOrRefuseWhateverStandsInAKey(
      @ForAll @IntRange(min = 0, max = 500) int key, @ForAll("values") String value) {
    // Given
    List<MatchResult> keys = KEY_AND_VALUE.matcher(GOOD).results().toList();
    MatchResult chosen = keys.get(key % keys.size());
    String text = GOOD.substring(0, chosen.start(1)) + value + GOOD.substring(chosen.end(1));

    // When
    try {
      RunFileReader.read("run", text);
    } catch (RunFileException e) {
      // Then
      assertThat(e.problems()).isNotEmpty().noneMatch(p -> p.startsWith("unreadable"));
    }
  }

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(20),
        Arbitraries.longs().map(Object::toString),
        Arbitraries.doubles().map(Object::toString),
        Arbitraries.longs().map(n -> n + "h"),
        Arbitraries.of(
            "{}",
            "[]",
            "~",
            "''",
            "'\\0'",
            "\"\\0\"",
            "[[[]]]",
            "{a: {b: c}}",
            "*a",
            "&a",
            ".inf",
            ".nan",
            "1e999",
            "-1e999",
            "99999999999999999999999h",
            "0x7FFFFFFF",
            "!!binary aGk="));
  }

  @Test
  void shouldSayWhereTheYamlIsBroken() {
    assertThat(problemsOf("run: [unclosed\nbatch: x"))
        .singleElement()
        .asString()
        .startsWith("line 2");
  }

  @Test
  void shouldRefuseAFileThatIsNoMapping() {
    assertThat(problemsOf("just words")).anyMatch(p -> p.startsWith("(the file): 'just words'"));
    assertThat(problemsOf("")).anyMatch(p -> p.startsWith("run: missing"));
  }

  @Test
  void shouldRejectAnObjectiveThatIsNotImplementedYet() {
    assertThat(problemsOf(GOOD.replace("objective: grpo", "objective: dpo")))
        .containsExactly(
            "train.objective: 'dpo' (expected: one of grpo, sft; dpo is not implemented yet)");
  }

  @Test
  void shouldRefuseWhatNothingActsOnYetAndAPairedRuleWithoutPairs() {
    // Given
    String text =
        GOOD.replace("arms: [AB, BA]", "arms: [AB]").replace("kind: grpo", "kind: preference");

    // When
    RunFileException thrown =
        catchThrowableOfType(RunFileException.class, () -> RunFileReader.read("run.yaml", text));

    // Then
    assertThat(thrown.problems())
        .containsExactlyInAnyOrder(
            "train.objective: 'grpo' (expected: no section train with batch.kind preference: no"
                + " objective on pairs (dpo, bradley-terry) is implemented, its batches are for"
                + " external trainers)",
            "group.arms: [AB] (expected: two arms, since reward.rule is j1-consistency)");
  }

  @Test
  void shouldRefuseWhatTheKindOfBatchHasNoUseFor() {
    assertThat(problemsOf(GOOD.replace("kind: grpo", "kind: demonstration")))
        .containsExactlyInAnyOrder(
            "batch.threshold: missing (expected: the least reward, a number)",
            "train.objective: 'grpo' (expected: sft with batch.kind demonstration)");
    assertThat(problemsOf(GOOD.replace("kind: grpo", "kind: grpo, threshold: 1, pairs: all")))
        .containsExactlyInAnyOrder(
            "batch.threshold: 1 (expected: none without batch.kind demonstration)",
            "batch.pairs: 'all' (expected: none without batch.kind preference)");
    assertThat(
            problemsOf(
                GOOD.replace("kind: grpo", "kind: grpo, tokens: 4096")
                    .replaceFirst("(?m)^staleness:.*$", "staleness: { exact: true }")))
        .singleElement()
        .asString()
        .startsWith("staleness.exact: true (expected: false with batch.tokens");
  }

  @Test
  void shouldReadThePrecisionOfEachModel() {
    // Given
    String judges =
        "judges: { one: { type: generative, model: m, weights: int8, prompt: p },"
            + " jury: { type: tournament, model: m, weights: int8, prompt: p,"
            + " panel: { a: {}, b: { weights: f32 }, c: { server: { url: u, model: s } } } },"
            + " reward: { type: scalar, model: m, weights: int8 },"
            + " outcome: { type: verdict, format: think-answer-scores } }";

    // When
    var read = RunFileReader.read("x", GOOD.replaceFirst("(?m)^judges:.*$", judges)).judges();

    // Then
    assertThat(precisions(read.get("one"))).containsExactly(Weights.INT8);
    assertThat(precisions(read.get("jury"))).containsExactly(Weights.INT8, Weights.F32);
    assertThat(read.get("reward"))
        .isInstanceOfSatisfying(
            ModelJudge.Scalar.class,
            scalar -> assertThat(scalar.weights()).isEqualTo(Weights.INT8));
  }

  @Test
  void shouldReadServersByNameAndByUrl() {
    // Given
    String judges =
        "judges: { one: { type: generative, server: qwen-32b, prompt: p },"
            + " two: { type: generative, server: { name: qwen-32b }, prompt: p },"
            + " jury: { type: tournament, server: a, prompt: p,"
            + " panel: { a: {}, b: { server: b }, c: { server: { url: u, model: s } } } } }";

    // When
    var read = RunFileReader.read("x", GOOD.replaceFirst("(?m)^judges:.*$", judges)).judges();

    // Then
    assertThat(models(read.get("one")))
        .isEqualTo(models(read.get("two")))
        .containsExactly(new JudgePanel.Model.NamedServer("qwen-32b"));
    assertThat(models(read.get("jury")))
        .hasExactlyElementsOfTypes(
            JudgePanel.Model.NamedServer.class,
            JudgePanel.Model.NamedServer.class,
            JudgePanel.Model.Server.class);
  }

  private static List<JudgePanel.Model> models(@Nullable JudgeSection judge) {
    return ((ModelJudge) Objects.requireNonNull(judge)).models();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server: { url: u, model: s, apiKeyVariable: sk-abc123 } => apiKeyVariable: not shown (expected: no key of a server in a run file; it belongs in the judge worker's servers file",
        "server: { url: u, model: s, apiKeyVariable: AWS_SECRET_ACCESS_KEY } => apiKeyVariable: not shown",
        "server: { url: u, model: s, apiKey: sk-abc123 } => apiKey: not shown",
        "server: { url: u, model: s, headers: { Authorization: sk-abc123 } } => headers: not shown",
        "server: { name: a, apiKeyVariable: sk-abc123 } => apiKeyVariable: not shown",
        "server: { name: a, url: u } => url: 'u' (expected: no such key",
        "server: { name: 'a b' } => name: 'a b' (expected: a name of letters",
        "server: 'a/b' => server: 'a/b' (expected: a name of letters",
        "server: {} => server.url: missing (expected: such as http://127.0.0.1:8000/v1; or the name"
      })
  void shouldRefuseKeysAndUnclearServersWithoutShowingKeys(String line) {
    // Given
    String[] sides = line.split(" => ", -1);
    String judges = "judges: { one: { type: generative, %s, prompt: p } }".formatted(sides[0]);

    // When
    List<String> problems = problemsOf(GOOD.replaceFirst("(?m)^judges:.*$", judges));

    // Then
    assertThat(problems).anySatisfy(problem -> assertThat(problem).contains(sides[1]));
    assertThat(String.join("\n", problems)).doesNotContain("sk-abc123", "AWS_SECRET");
  }

  @Test
  void shouldRefuseWeightsThereAreNotAndThoseOfAServer() {
    String unknown = "judges: { one: { type: generative, model: m, weights: int4, prompt: p } }";
    String server =
        "judges: { one: { type: generative, server: { url: u, model: s }, weights: int8,"
            + " prompt: p } }";

    assertThat(problemsOf(GOOD.replaceFirst("(?m)^judges:.*$", unknown)))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("judges.one.weights: 'int4' (expected: one of f32, int8"));
    assertThat(problemsOf(GOOD.replaceFirst("(?m)^judges:.*$", server)))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith(
                        "judges.one.weights: 'int8' (expected: no key weights beside server"));
  }

  private static List<Weights> precisions(@Nullable JudgeSection judge) {
    JudgePanel panel =
        switch (judge) {
          case ModelJudge.Generative generative -> generative.panel();
          case ModelJudge.Tournament tournament -> tournament.panel();
          case null, default -> throw new AssertionError("no panel: " + judge);
        };
    return panel.members().values().stream()
        .map(JudgePanel.Member::model)
        .filter(JudgePanel.Model.Local.class::isInstance)
        .map(model -> ((JudgePanel.Model.Local) model).weights())
        .toList();
  }

  @Test
  void shouldReadARuleOfSeveralJudgesAndWhatLongTextsLose() {
    // Given
    String text =
        GOOD.replaceFirst(
            "(?m)^reward:.*$",
            "reward: { rule: weighted, overlong: { buffer: 16 }, parts: {"
                + " verdict: { rule: judgelrm, dialect: code, unparseable: -3, badScores: -2.5 },"
                + " taste: { rule: scalar, weight: 0.5 } } }");

    // When
    RunFile run = RunFileReader.read("sum.yaml", text);
    OverlongPenalty reward = (OverlongPenalty) run.reward();

    // Then
    assertThat(reward.parts()).containsOnlyKeys("verdict", "taste");
    JudgeLrm verdict = (JudgeLrm) reward.parts().firstEntry().getValue().rule();
    assertThat(verdict.dialect()).isEqualTo(JudgeLrm.Dialect.CODE);
    assertThat(verdict.badScores()).isEqualTo(-2.5);
    assertThat(reward.parts().lastEntry().getValue().weight()).isEqualTo(0.5);
    assertThat(reward.judges()).containsExactly("outcome");
    assertThat(reward.overlong()).isEqualTo(new Overlong(run.sampling().maxTokens(), 16, 1));
  }

  private static final String TWO_TASKS =
      """
      run: two-tasks
      data: { prompts: p, judgePrompt: pairs, judgePrompts: { chosen: single, rejected: single } }
      group: { arms: [AB, BA, chosen, rejected] }
      judges: { scores: { type: verdict, format: pair, formats: { chosen: one, rejected: one } } }
      reward:
        rule: by-arm
        parts:
          pairwise: { arms: [AB, BA], rule: j1-verdict, unparseable: 0 }
          pointwise: { arms: [chosen, rejected], rule: j1-pointwise, unparseable: -1 }
      batch: { kind: none }
      """;

  @Test
  void shouldReadPromptsFormatsAndRulesThatGoByTheArm() {
    // When
    RunFile run = RunFileReader.read("two-tasks.yaml", TWO_TASKS);

    // Then
    assertThat(run.judges())
        .containsEntry(
            "scores", new RuleJudge.Verdict("pair", Map.of("chosen", "one", "rejected", "one")));
    assertThat(Objects.requireNonNull(run.data()).judgePrompts())
        .containsOnly(entry("chosen", "single"), entry("rejected", "single"));
    assertThat(run.reward().judges()).containsExactly("scores");
    RewardPart pointwise = run.reward().parts().lastEntry().getValue();
    assertThat(pointwise.arms()).containsExactly("chosen", "rejected");
    assertThat(pointwise.rule()).isEqualTo(new PairedScores("scores", new VerdictValues(1, 0, -1)));
  }

  @Test
  void shouldRefuseArmsThatAreNotThoseOfTheGroup() {
    assertThat(problems(TWO_TASKS.replace("arms: [AB, BA, chosen, rejected]", "arms: [AB, BA]")))
        .containsExactlyInAnyOrder(
            "data.judgePrompts: [chosen, rejected] (expected: arms of group.arms, [AB, BA])",
            "judges.scores.formats: [chosen, rejected] (expected: arms of group.arms, [AB, BA])",
            "reward.parts.pointwise.arms: [chosen, rejected] (expected: arms of group.arms, [AB,"
                + " BA])");
    assertThat(problems(TWO_TASKS.replace("arms: [AB, BA], rule", "arms: [AB], rule")))
        .containsExactly(
            "reward.parts: [AB, chosen, rejected] (expected: all of group.arms, [AB,"
                + " BA, chosen, rejected])");
    assertThat(problems(TWO_TASKS.replace("arms: [chosen, rejected], rule", "arms: [BA], rule")))
        .contains(
            "reward.parts.pointwise.arms: [BA] (expected: two arms, since reward.rule is j1-pointwise)",
            "reward.parts.pointwise.arms: BA (expected: each arm in one part)");
    assertThat(problems(TWO_TASKS.replace("judgePrompt: pairs, ", "")))
        .containsExactly(
            "data.judgePrompt: missing (expected: the prompt of the arms that judgePrompts does"
                + " not name)");
    assertThat(
            problems(TWO_TASKS.replace("formats: { chosen: one, rejected: one }", "formats: one")))
        .containsExactly(
            "judges.scores.formats: 'one' (expected: a mapping of arms to verdict formats)");
    assertThat(problems(TWO_TASKS.replace("rule: j1-verdict", "rule: by-arm")))
        .anySatisfy(
            problem -> assertThat(problem).startsWith("reward.parts.pairwise.rule: 'by-arm'"));
  }

  @Test
  void shouldRejectAGrammarWithoutTextOrOnAServer() {
    String judge = "{ type: generative, model: m, prompt: p, grammar: auto, read: probabilities }";
    String text = TWO_TASKS.replaceFirst("(?m)^judges:.*$", "judges: { scores: " + judge + " }");

    assertThat(problems(text))
        .containsExactly(
            "judges.scores.grammar: 'auto' (expected: none with read: probabilities, which"
                + " generates no text)");
    assertThat(
            problems(text.replace("model: m", "server: big").replace(", read: probabilities", "")))
        .containsExactly(
            "judges.scores.grammar: 'auto' (expected: none with a server; only with a model in the"
                + " judge's process)");
  }

  @Test
  void shouldRefuseAMassOfProbabilitiesWhenTextIsRead() {
    String judge = "{ type: generative, model: m, prompt: p, read: text, leastMass: 0.5 }";
    String text = TWO_TASKS.replaceFirst("(?m)^judges:.*$", "judges: { scores: " + judge + " }");

    assertThat(problems(text))
        .containsExactly("judges.scores.leastMass: 0.5 (expected: 0 with read: text)");
    assertThat(problems(text.replace("read: text, leastMass: 0.5", "leastMass: 1.5")))
        .containsExactly("judges.scores.leastMass: 1.5 (expected: a number from 0 to 1)");
  }

  @Test
  void shouldRefuseAPartThatIsItselfASumAndChoicesThereAreNone() {
    String sum = "reward: { rule: weighted, parts: { a: { rule: weighted } } }";
    String choice = "reward: { rule: judgelrm, dialect: latin, unparseable: -3 }";

    assertThat(problemsOf(GOOD.replaceFirst("(?m)^reward:.*$", sum)))
        .singleElement()
        .asString()
        .startsWith("reward.parts.a.rule: 'weighted' (expected: one of correct,");
    assertThat(problemsOf(GOOD.replaceFirst("(?m)^reward:.*$", choice)))
        .containsExactly("reward.dialect: 'latin' (expected: one of paper, code)");
  }

  @Test
  void shouldTakeAPresetByName() {
    RunFile run =
        RunFileReader.read("preset.yaml", GOOD.replaceAll("advantage: \\{.*}", "advantage: verl"));

    NormalisedAdvantage advantage = (NormalisedAdvantage) run.advantage();
    assertThat(advantage.preset()).isEqualTo("verl");
    assertThat(advantage.ddof()).isEqualTo(1);
    assertThat(problemsOf(GOOD.replaceAll("advantage: \\{.*}", "advantage: nobody")))
        .singleElement()
        .asString()
        .contains("advantage: 'nobody'", "verl");
  }

  @Test
  void shouldReadARunThatOnlyScores() {
    RunFile run =
        RunFileReader.read(
            "score.yaml",
            """
            run: gsm8k-answers
            group: { samplesPerArm: 4 }
            judges: { answer: { type: answer, compare: number } }
            reward: { rule: correct, unparseable: 0.0 }
            batch: { kind: none }
            """);

    assertThat(run.policy()).isNull();
    assertThat(run.train()).isNull();
    assertThat(run.group().arms()).containsExactly("only");
  }

  @Test
  void shouldOnlyScoreWithoutPolicyAndTraining() {
    String judged =
        """
        run: score
        judges: { answer: { type: answer } }
        reward: { rule: correct, unparseable: 0.0 }
        """;

    assertThat(RunFileReader.read("score.yaml", judged).batch().hasBatches()).isFalse();
    assertThat(RunFileReader.read("score.yaml", judged + "batch: { groups: 4 }").batch().kind())
        .isEqualTo(new NoBatches());
    assertThat(problemsOf(judged + "train: { objective: grpo }"))
        .anySatisfy(problem -> assertThat(problem).startsWith("policy.model: missing"));
    assertThat(problemsOf(judged + "policy: { model: models/policy }"))
        .anySatisfy(problem -> assertThat(problem).startsWith("train."));
    assertThat(problemsOf(judged + "batch: { kind: grpo }"))
        .anySatisfy(problem -> assertThat(problem).startsWith("train."));
  }

  @Test
  void shouldOfferEverySectionWhenOneIsMisspelt() {
    // When
    List<String> problems =
        problemsOf(
            """
            run: score
            judges: { answer: { type: answer } }
            reward: { rule: correct, unparseable: 0.0 }
            batch: { kind: none }
            trian: { steps: 60 }
            """);

    // Then
    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("trian: {\"steps\":60}")
        .contains("policy", "data", "train", "evaluate");
  }

  @Test
  void shouldTakeTheSizeOfACohortFromTheGroup() {
    RunFile run = RunFileReader.read("cohorts.yaml", gateway("samples: by-prompt", ""));

    assertThat(run.gateway().samples()).isEqualTo(GatewaySection.Samples.BY_PROMPT);
    assertThat(run.gateway().size(run.group())).isEqualTo(6);
    assertThat(run.gateway().longestWait()).isEqualTo(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "samples: together | gateway.samples: 'together' (expected: one of alone, by-prompt)",
        "samples: by-prompt, size: 1 | gateway.size: 1 (expected: a whole number from 2 to 8192)",
        "samples: by-prompt, size: 9000 | gateway.size: 9000 (expected: at most 8192)",
        "samples: by-prompt, wait: 900ms | gateway.wait: '900ms' (expected: a duration from 1s to",
        "samples: by-prompt, wait: 101s | gateway.wait: '101s' (expected: a duration from 1s to",
        "size: 4 | gateway.size: 4 (expected: no size with samples: alone, or samples: by-prompt)",
        "wait: 30s | gateway.wait: '30s' (expected: no wait with samples: alone, or",
        "sample: alone | gateway.sample: 'alone' (expected: no such key; known keys: samples",
      })
  void shouldExplainMistakesInTheSectionGateway(String section, String problem) {
    assertThat(problemsOf(gateway(section, "")))
        .singleElement()
        .asString()
        .startsWith(problem.strip());
  }

  @Test
  void shouldExplainWhichGroupsHaveNoCohorts() {
    assertThat(problemsOf(gateway("samples: by-prompt", "arms: [AB, BA], ")))
        .containsExactly(
            "gateway.samples: 'by-prompt' (expected: alone with the arms [AB, BA], since these"
                + " contracts name no arm)");
    assertThat(
            problemsOf(
                gateway("samples: by-prompt", "").replace("samplesPerArm: 6", "samplesPerArm: 1")))
        .containsExactly(
            "gateway.size: missing (expected: at least 2, since group.samplesPerArm is 1)");
  }

  private static String gateway(String section, String group) {
    return """
        run: cohorts
        group: { %ssamplesPerArm: 6 }
        gateway: { %s }
        judges: { answer: { type: answer } }
        reward: { rule: correct, unparseable: 0.0 }
        """
        .formatted(group, section.strip());
  }

  private static List<String> problemsOf(String text) {
    return catchThrowableOfType(RunFileException.class, () -> RunFileReader.read("bad.yaml", text))
        .problems();
  }

  @Test
  void shouldRejectMoreJudgesThanTheStateOfAGroupHolds() {
    String judges =
        IntStream.range(0, 64)
            .mapToObj(i -> "j%d: { type: verdict, format: think-answer-scores }".formatted(i))
            .collect(Collectors.joining(", "));
    assertThat(
            problems(GOOD.replace("judges:   { outcome:", "judges:   { " + judges + ", outcome:")))
        .contains("judges: 65 (expected: at most 64)");
  }

  private static List<String> problems(String text) {
    return catchThrowableOfType(RunFileException.class, () -> RunFileReader.read("x", text))
        .problems();
  }
}
