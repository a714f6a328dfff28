package io.urteil.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.advantage.Advantage;
import io.urteil.advantage.AdvantagePresets;
import io.urteil.advantage.NormalisedAdvantage;
import io.urteil.advantage.PluginAdvantage;
import io.urteil.batch.BatchKind;
import io.urteil.batch.BatchSection;
import io.urteil.batch.DemonstrationBatches;
import io.urteil.batch.GrpoBatches;
import io.urteil.batch.NoBatches;
import io.urteil.batch.PluginBatches;
import io.urteil.batch.PreferenceBatches;
import io.urteil.order.CandidateOrders;
import io.urteil.reward.RewardPart;
import io.urteil.reward.RewardRule;
import io.urteil.reward.rule.ByArm;
import io.urteil.reward.rule.JudgeLrm;
import io.urteil.reward.rule.Overlong;
import io.urteil.reward.rule.OverlongPenalty;
import io.urteil.reward.rule.PairConsistency;
import io.urteil.reward.rule.PairedScores;
import io.urteil.reward.rule.PluginReward;
import io.urteil.reward.rule.ScalarScore;
import io.urteil.reward.rule.ScoreShaping;
import io.urteil.reward.rule.SelfVerify;
import io.urteil.reward.rule.ThinkJ;
import io.urteil.reward.rule.VerdictReward;
import io.urteil.reward.rule.VerdictValues;
import io.urteil.reward.rule.WeightedSum;
import io.urteil.run.judge.CustomJudge;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RubricJudge;
import io.urteil.run.judge.RubricQuestion;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.ShadowJudge;
import io.urteil.run.judge.Weights;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/**
 * Random run files, each of which is valid. Every key, kind, rule and word of a choice comes up,
 * with its default and without, and texts that a careless writer of YAML would spoil.
 */
final class RunFiles {

  private static final List<String> TEXTS =
      List.of(
          "think-answer-scores",
          "prompts/mine.yaml",
          "a longer text, with a comma",
          "C:\\dir",
          "true",
          "No",
          "null",
          "~",
          "12",
          "1e3",
          "0x1F",
          "1_000",
          "12:30:45",
          "2001-01-01",
          ".5",
          ".inf",
          "- a",
          "a: b",
          "a #b",
          "# c",
          "{a}",
          "[b]",
          "&x",
          "*x",
          "!tag",
          "'",
          "\"",
          "%d",
          "@x",
          "`",
          "|",
          ">",
          "?",
          "=",
          "<<",
          "é ü 漢字 🙂",
          "\u0085x",
          "tab\there",
          "two\nlines",
          "ends with a line\n",
          "\n starts with one",
          "a\n\n\nb\n\n",
          "   indented\nnot",
          "a:",
          "trailing \nspace",
          "carriage\r\nreturn",
          "\u0007 bell",
          "x y",
          " space around ");

  private final Random random;

  private RunFiles(Random random) {
    this.random = random;
  }

  static Arbitrary<RunFile> valid() {
    return Arbitraries.randomValue(random -> new RunFiles(random).file());
  }

  static RunFile next(Random random) {
    return new RunFiles(random).file();
  }

  private RunFile file() {
    BatchKind kind = batchKind();
    BatchKind.Event event = kind.event();
    boolean trains = event == BatchKind.Event.GRPO || event == BatchKind.Event.DEMONSTRATION;
    List<String> arms = of(List.of("only"), List.of("AB", "BA"), List.of("AB", "BA", "a-1", "_"));
    BatchSection batch = batch(kind);
    SamplingSection sampling = sampling();
    SequencedMap<String, JudgeSection> judges = named(1 + below(3), "", () -> judge(arms));
    GroupSection group = group(arms);
    RunFile.Builder file =
        RunFile.builder(of("run", "A.b_c-9", "12", "x".repeat(100)))
            .group(group)
            .gateway(gateway(group))
            .sampling(sampling)
            .judges(judges)
            .reward(reward(arms, List.copyOf(judges.keySet()), sampling))
            .batch(batch)
            .advantage(advantage())
            .staleness(new StalenessSection(of(0, 1, 4), batch.tokens() == 0 && flag()))
            .checkpoint(new CheckpointSection(count(), count()));
    named(below(2), "shadow ", () -> judge(arms))
        .forEach((name, judge) -> file.shadow(name, new ShadowJudge(judge, of(0.1, 0.25, 1.0))));
    if (flag()) {
      file.data(data(arms));
    }
    if (trains || flag()) {
      file.policy(new PolicySection(path()));
    }
    if (trains || (event == BatchKind.Event.NONE && flag())) {
      file.train(train(event));
    }
    if (flag()) {
      file.evaluate(new EvaluateSection(count(), path(), count()));
    }
    return file.build();
  }

  private DataSection data(List<String> arms) {
    String prompt = orNull(this::text);
    return new DataSection(
        path(),
        prompt,
        prompt == null ? Map.of() : byArm(arms),
        of(DataSection.PairReference.values()),
        flag(),
        of(DataSection.PromptOrder.values()),
        seed());
  }

  private GroupSection group(List<String> arms) {
    int samples = count();
    OnMissing missing =
        of(
            new OnMissing.Drop(),
            new OnMissing.Wait(duration()),
            new OnMissing.Survivors(1 + below(samples)),
            new OnMissing.Refill(count()));
    return new GroupSection(arms, samples, duration(), missing);
  }

  private GatewaySection gateway(GroupSection group) {
    if (group.arms().size() > 1 || flag()) {
      return GatewaySection.DEFAULT;
    }
    Integer size = group.samplesPerArm() < 2 ? of(2, 8_192) : orNull(() -> of(2, 8, 8_192));
    return new GatewaySection(
        GatewaySection.Samples.BY_PROMPT,
        size,
        of(Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofMillis(99_999)));
  }

  private SamplingSection sampling() {
    return new SamplingSection(
        of(0.0, 1.0, 0.7),
        of(1.0, 0.9),
        of(0, 50),
        of(0.0, 0.05, 1.0),
        of(1.0, 1.1),
        count(),
        texts(),
        of("", "bracketed"));
  }

  private JudgeSection judge(List<String> arms) {
    return switch (below(9)) {
      case 0 -> new RuleJudge.Verdict(text(), byArm(arms));
      case 1 -> new RuleJudge.Answer(of(RuleJudge.Compare.values()));
      case 2 -> new RuleJudge.MajorityAnswer(of(RuleJudge.Compare.values()));
      case 3 -> new ModelJudge.Generative(panel(), of(JudgePanel.Combine.values()), duration());
      case 4 -> tournament();
      case 5 -> new ModelJudge.Listwise(panel(), of(CandidateOrders.values()), duration());
      case 7 -> rubric();
      case 6 -> new ModelJudge.Scalar(path(), of(Weights.values()), duration());
      default -> new CustomJudge(of("acme.length", "io.example.Judge", "."), flag(), settings());
    };
  }

  private RubricJudge rubric() {
    return new RubricJudge(
        remote(),
        of(RubricJudge.Protocol.values()),
        named(1 + below(3), "q", this::question),
        of(0.0, 0.25, 1.0),
        flag(),
        duration());
  }

  private RubricQuestion question() {
    double weight = of(1.0, 0.5, 3.0);
    return switch (below(3)) {
      case 0 -> new RubricQuestion.YesNo(text(), weight, orNull(this::text), orNull(this::text));
      case 1 -> new RubricQuestion.Score(text(), weight, List.of("bad", text(), "best"));
      default -> {
        SequencedMap<String, RubricQuestion.Option> options = named(1 + below(2), "", this::option);
        options.put("other", option());
        yield new RubricQuestion.Choice(text(), weight, options);
      }
    };
  }

  private RubricQuestion.Option option() {
    return new RubricQuestion.Option(of(0.0, 0.5, 1.0), orNull(this::text));
  }

  private ModelJudge.Tournament tournament() {
    ModelJudge.Tournament.Rating rating = of(ModelJudge.Tournament.Rating.values());
    return new ModelJudge.Tournament(
        panel(),
        of(JudgePanel.Combine.values()),
        of(CandidateOrders.values()),
        rating == ModelJudge.Tournament.Rating.ROUNDS
            ? ModelJudge.Tournament.Schedule.KNOCKOUT
            : of(ModelJudge.Tournament.Schedule.values()),
        rating,
        of(32.0, 16.0),
        of(1.0, 0.1),
        duration());
  }

  private JudgePanel panel() {
    JudgePanel.Read read = orNull(() -> of(JudgePanel.Read.values()));
    int votes = read == JudgePanel.Read.PROBABILITIES ? 1 : of(1, 5);
    SequencedMap<String, JudgePanel.Member> members =
        flag() ? new LinkedHashMap<>(Map.of("", member())) : named(1 + below(3), "", this::member);
    boolean constrained =
        read != JudgePanel.Read.PROBABILITIES
            && members.values().stream()
                .allMatch(member -> member.model() instanceof JudgePanel.Model.Local);
    return new JudgePanel(
        members,
        votes,
        read,
        read == JudgePanel.Read.TEXT ? 0 : of(0.0, 0.25, 1.0),
        votes > 1 ? of(1.0, 0.7) : of(0.0, 1.0, 0.7),
        of(1.0, 0.9),
        of(0, 40),
        orNull(this::count),
        constrained ? of("", "j1-verdict", "json winner=A|B") : "",
        seed(),
        flag(),
        texts());
  }

  private JudgePanel.Member member() {
    JudgePanel.Model model =
        flag() ? new JudgePanel.Model.Local(path(), of(Weights.values())) : remote();
    return new JudgePanel.Member(model, text());
  }

  private JudgePanel.Model.Remote remote() {
    return flag()
        ? new JudgePanel.Model.NamedServer("qwen-32b")
        : new JudgePanel.Model.Server(
            "http://127.0.0.1:8000/v1",
            text(),
            count(),
            of(0, 600),
            of(0, 90_000),
            of(JudgePanel.Model.Server.AssistantPrefix.values()));
  }

  private RewardRule reward(List<String> arms, List<String> judges, SamplingSection sampling) {
    RewardRule rule =
        switch (below(4)) {
          case 0 ->
              new WeightedSum(
                  named(
                      1 + below(3),
                      "",
                      () -> new RewardPart(number(), List.of(), single(arms.size(), judges))));
          case 1 -> new ByArm(parts(arms, judges));
          default -> single(arms.size(), judges);
        };
    int most = flag() ? sampling.maxTokens() : 2_000;
    return flag()
        ? rule
        : new OverlongPenalty(rule, new Overlong(most, 1 + below(most), of(1.0, 0.5)));
  }

  private SequencedMap<String, RewardPart> parts(List<String> arms, List<String> judges) {
    SequencedMap<String, RewardPart> parts = new LinkedHashMap<>();
    parts.put("first", new RewardPart(1, arms.subList(0, 1), single(1, judges)));
    if (arms.size() > 1) {
      List<String> rest = arms.subList(1, arms.size());
      parts.put("rest", new RewardPart(1, rest, single(rest.size(), judges)));
    }
    return parts;
  }

  /** A rule for this number of arms. */
  private RewardRule single(int arms, List<String> judges) {
    String judge = of(judges);
    VerdictValues values = new VerdictValues(of(1.0, number()), of(0.0, number()), number());
    List<RewardRule> rules =
        List.of(
            new VerdictReward(of(VerdictReward.Variant.values()), judge, values),
            new JudgeLrm(
                judge,
                of(JudgeLrm.Dialect.values()),
                of(1.0, number()),
                of(2.0, number()),
                of(-1.5, number()),
                of(1.0, number()),
                of(0.6, number()),
                of(0.2, number()),
                new JudgeLrm.Length(of(0.0, number()), of(120.0, number()), of(0.0, number())),
                number(),
                orNull(this::number)),
            thinkJ(judge, values),
            new SelfVerify(judge, values, of(1.0, number())),
            new ScalarScore(judge, of(1.0, number()), of(0.0, number()), orNull(this::number)),
            new PluginReward("acme.margin", judge, settings()),
            new PairConsistency(
                judge, values, of(1.0, number()), of(PairConsistency.Consistency.values())),
            new PairedScores(judge, values),
            new ScoreShaping(judge, values, number()));
    return of(rules.stream().filter(rule -> arms == 2 || !rule.pairsArms()).toList());
  }

  private ThinkJ thinkJ(String judge, VerdictValues values) {
    boolean published = flag();
    double unparseable =
        published ? values.unparseable() : Math.min(values.unparseable(), values.wrong());
    return new ThinkJ(
        judge,
        of(ThinkJ.Variant.values()),
        new VerdictValues(values.right(), values.wrong(), unparseable),
        of(0.5, number()),
        published);
  }

  private BatchKind batchKind() {
    return of(
        new GrpoBatches(),
        new PreferenceBatches(of(PreferenceBatches.Pairs.values())),
        new DemonstrationBatches(number()),
        new NoBatches(),
        new PluginBatches("acme.best-of-n", of(BatchKind.Event.values()), settings()));
  }

  private BatchSection batch(BatchKind kind) {
    return new BatchSection(
        kind,
        count(),
        of(0, 4_096),
        of(BatchSection.ZeroVariance.values()),
        of(BatchSection.GroupOrder.values()));
  }

  private Advantage advantage() {
    return switch (below(3)) {
      case 0 -> of(AdvantagePresets.all().values());
      case 1 -> new PluginAdvantage("acme.ranked", settings());
      default ->
          new NormalisedAdvantage(
              null,
              of(NormalisedAdvantage.Baseline.values()),
              of(NormalisedAdvantage.Scale.values()),
              of(0, 1),
              of(0.0, 1e-4, 1e-9),
              of(NormalisedAdvantage.Alone.values()),
              of(NormalisedAdvantage.Of.values()),
              flag());
    };
  }

  private TrainSection train(BatchKind.Event event) {
    return new TrainSection(
        event == BatchKind.Event.DEMONSTRATION ? "sft" : of("grpo", "sft"),
        count(),
        of(3e-5, 1e-6, 0.1),
        of(0.2, 0.5),
        of(0.2, 0.28),
        of(TrainSection.Normalise.values()),
        of(0.0, 0.001),
        of(1.0, 0.5),
        of(0.9, 0.0),
        of(0.95, 0.999),
        of(0.0, 0.1),
        of(TrainSection.Importance.values()));
  }

  private ObjectNode settings() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode mapping = json.objectNode();
    for (int i = below(4); i > 0; i--) {
      JsonNode value =
          of(
              json.textNode(text()),
              json.numberNode(random.nextInt()),
              json.numberNode(of(0.5, -1e-9, 1e300)),
              json.booleanNode(flag()),
              json.nullNode(),
              json.arrayNode().add(1).add(text()).add(json.objectNode()),
              json.objectNode().put(text(), text()));
      mapping.set(text(), value);
    }
    return mapping;
  }

  private <T> SequencedMap<String, T> named(int size, String prefix, Supplier<T> value) {
    SequencedMap<String, T> named = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      String name = of("outcome", "judge-2", "no", "12", "strict mode", "é", "a.b", "x: y");
      named.put(prefix + name, value.get());
    }
    return named;
  }

  private Map<String, String> byArm(List<String> arms) {
    return arms.stream().filter(arm -> flag()).collect(Collectors.toMap(arm -> arm, arm -> text()));
  }

  private List<String> texts() {
    return IntStream.range(0, below(3)).mapToObj(i -> text()).toList();
  }

  /** One of the awkward ones, or up to twelve characters of ASCII that are not all blank. */
  private String text() {
    if (below(4) > 0) {
      return of(TEXTS);
    }
    String text =
        IntStream.rangeClosed(0, below(12))
            .mapToObj(i -> String.valueOf((char) below(128)))
            .collect(Collectors.joining());
    return text.isBlank() ? "x" + text : text;
  }

  private Path path() {
    return Path.of(of("models/judge", "/data/a b.jsonl", "../x", "12", "./y: z", "~/no"));
  }

  private Duration duration() {
    return of(
        Duration.ofSeconds(60),
        Duration.ofMinutes(5),
        Duration.ofMillis(1_500),
        Duration.ofHours(24),
        Duration.ofSeconds(90),
        Duration.ofDays(366));
  }

  private double number() {
    return of(0.0, 1.0, -1.0, -0.5, 0.5, 2.5, 1e-7, -3.0, 8.0, 123_456_789.125);
  }

  private int count() {
    return of(1, 2, 5, 8, 10, 32, 200, 512);
  }

  private long seed() {
    return of(0L, 1L, -7L, Long.MAX_VALUE, random.nextLong());
  }

  private boolean flag() {
    return random.nextBoolean();
  }

  private int below(int bound) {
    return random.nextInt(bound);
  }

  private <T> @Nullable T orNull(Supplier<T> value) {
    return flag() ? value.get() : null;
  }

  private <T> T of(Collection<T> values) {
    return new ArrayList<>(values).get(below(values.size()));
  }

  @SafeVarargs
  private final <T> T of(T... values) {
    return values[below(values.length)];
  }
}
