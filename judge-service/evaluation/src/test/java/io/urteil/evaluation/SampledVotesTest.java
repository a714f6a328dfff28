package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.chat.ChatCompletion;
import io.urteil.chat.ChatModel;
import io.urteil.chat.ChatRequest;
import io.urteil.chat.ChatSample;
import io.urteil.chat.ChoiceProbabilities;
import io.urteil.engine.StopReason;
import io.urteil.evaluation.benchmark.ComparisonEvents;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.Comparison.Candidate;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.judges.generative.GenerativeJudge;
import io.urteil.judges.generative.ListwiseJudge;
import io.urteil.judges.generative.PanelMember;
import io.urteil.judges.generative.TournamentJudge;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgePanel.Combine;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.Weights;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Against the judges themselves: a judge with fewer votes returns what its samples give. */
class SampledVotesTest {

  static {
    EventCodec.trustEvents();
  }

  private static final int VOTES = 5;

  /** Judges by format, with texts that they read, abstain from, or cannot read. */
  enum Format {
    VERDICT("pairwise-with-tie", false, "[[A]]", "[[B]]", "[[C]]", "none"),
    SCORES(
        "judgelrm-pairwise",
        false,
        "<think>t</think><answer>7</answer><answer>3</answer>",
        "<think>t</think><answer>6</answer><answer>6</answer>",
        "<think>t</think><answer>2</answer><answer>9</answer>",
        "<answer>2"),
    PRINCIPLES(
        "prometheus-pairwise",
        true,
        "Feedback: f [RESULT] A",
        "Feedback: f [RESULT] B",
        "Feedback: f [RESULT] A",
        "Feedback: f"),
    ALONE(
        "json-score",
        false,
        "{\"score\": 0.7}",
        "{\"score\": 0.2}",
        "{\"score\": null}",
        "{\"score\": 2}"),
    LIST(
        "ruler",
        false,
        "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 0.9}, {\"trajectory_id\": \"2\","
            + " \"score\": 0.25}]}",
        "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 0.5}, {\"trajectory_id\": \"2\","
            + " \"score\": 0.5}]}",
        "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 0.1}, {\"trajectory_id\": \"2\","
            + " \"score\": 0.3}]}",
        "no scores");

    private final String prompt;
    private final boolean principles;
    private final List<String> texts;

    Format(String prompt, boolean principles, String... texts) {
      this.prompt = prompt;
      this.principles = principles;
      this.texts = List.of(texts);
    }
  }

  @Property(tries = 300)
  void shouldJudgeAsAJudgeThatHasTheseSamplesOnly(
      @ForAll Format format,
      @ForAll Combine combine,
      @ForAll boolean bothOrders,
      @ForAll boolean swapped,
      @ForAll @IntRange(min = 1, max = 31) int subset,
      @ForAll long seed)
      throws Exception {
    // Given
    CandidateOrders orders = bothOrders ? CandidateOrders.BOTH : CandidateOrders.GIVEN;
    Presentation presentation = presentation(swapped);
    BitSet samples = BitSet.valueOf(new long[] {subset});
    ModelJudge all = judge(format, combine, orders, VOTES);
    ModelJudge some = judge(format, combine, orders, samples.cardinality());
    int[] chosen = samples.stream().toArray();
    Map<Integer, Judgement> judged = judged(all, presentation, new Texts(format, seed, null));

    // When
    ComparisonVerdict verdict = SampledVotes.of(all, presentation.order(), judged).of(samples);

    // Then
    Map<Integer, Judgement> fewer = judged(some, presentation, new Texts(format, seed, chosen));
    ComparisonVerdict expected = ComparisonVerdictReader.read(presentation.order(), fewer);
    assertThat(verdict.statuses()).isEqualTo(expected.statuses());
    assertThat(verdict.top()).isEqualTo(expected.top());
    if (samples.cardinality() == VOTES) {
      assertThat(verdict.top())
          .isEqualTo(ComparisonVerdictReader.read(presentation.order(), judged).top());
    }
  }

  @Test
  void shouldKeepTheVerdictOfAJudgementWithoutVotes() {
    // Given
    ModelJudge judge = judge(Format.VERDICT, Combine.MAJORITY, CandidateOrders.BOTH, VOTES);
    Judgement failed = judgement(0, JudgementStatus.FAILED, null, List.of());

    // When
    SampledVotes votes = SampledVotes.of(judge, CandidateOrder.AB, Map.of(0, failed, 1, failed));

    // Then
    assertThat(votes.of(BitSet.valueOf(new long[] {1})).status()).isEqualTo(JudgementStatus.FAILED);
  }

  @Test
  void shouldHaveNoSamplesOfATournamentOfSeveral() {
    // Given
    ModelJudge judge = judge(Format.VERDICT, Combine.MAJORITY, CandidateOrders.BOTH, VOTES);
    Comparison pair = presentation(false).comparison();
    Comparison three =
        new Comparison(
            "3",
            "3",
            "q",
            List.of(Candidate.of("a"), Candidate.of("b"), Candidate.of("c")),
            new Comparison.Gold.Right(List.of(true, false, false)),
            "all",
            Map.of());

    // Then
    assertThat(SampledVotes.samples(judge, pair)).isEqualTo(VOTES);
    assertThat(SampledVotes.samples(judge, three)).isEqualTo(1);
    assertThat(SampledVotes.samples(null, pair)).isEqualTo(1);
  }

  /**
   * A model that draws a text of the format for each request and sample.
   *
   * @param samples the samples that it returns, in their order; null for all
   */
  private record Texts(Format format, long seed, int @Nullable [] samples) implements ChatModel {

    @Override
    public String name() {
      return "texts";
    }

    @Override
    public CompletableFuture<ChatCompletion> complete(ChatRequest request) {
      List<ChatSample> all =
          IntStream.range(0, request.samples())
              .map(sample -> samples == null ? sample : samples[sample])
              .mapToObj(
                  sample -> {
                    Random random = new Random(seed ^ (request.id() + "/" + sample).hashCode());
                    random.nextInt();
                    String text = format.texts.get(random.nextInt(format.texts.size()));
                    return new ChatSample(text, 3, List.of(), StopReason.STOP, "");
                  })
              .toList();
      return CompletableFuture.completedFuture(new ChatCompletion(request.id(), name(), 10, all));
    }

    @Override
    public CompletableFuture<ChoiceProbabilities> nextTokens(
        ChatRequest request, List<String> choices) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static Presentation presentation(boolean swapped) {
    return new Presentation(
        0,
        Comparison.pair("1", "q", "first", "second", io.urteil.prompt.Preference.A, "all"),
        swapped ? CandidateOrder.BA : CandidateOrder.AB);
  }

  /** A judge with two panel members, or one member and two principles. */
  private static ModelJudge judge(
      Format format, Combine combine, CandidateOrders orders, int votes) {
    SequencedMap<String, JudgePanel.Member> members = new LinkedHashMap<>();
    for (String name : names(format)) {
      members.put(
          name,
          new JudgePanel.Member(
              new JudgePanel.Model.Local(Path.of("m"), Weights.F32), format.prompt));
    }
    JudgePanel panel =
        new JudgePanel(
            members,
            votes,
            JudgePanel.Read.TEXT,
            0,
            1,
            1,
            0,
            null,
            "",
            1,
            false,
            format.principles ? List.of("be brief", "be right") : List.of());
    return switch (format) {
      case ALONE ->
          new ModelJudge.Generative(panel, combine, ModelJudge.Generative.of(panel).timeLimit());
      case LIST -> ModelJudge.Listwise.of(panel, orders);
      case VERDICT, SCORES, PRINCIPLES -> {
        ModelJudge.Tournament pairs = ModelJudge.Tournament.of(panel, orders);
        yield new ModelJudge.Tournament(
            panel,
            combine,
            orders,
            pairs.schedule(),
            pairs.rating(),
            pairs.k(),
            pairs.prior(),
            pairs.timeLimit());
      }
    };
  }

  private static List<String> names(Format format) {
    return format.principles ? List.of("") : List.of("one", "other");
  }

  private static Map<Integer, Judgement> judged(
      ModelJudge judge, Presentation presentation, Texts model) throws Exception {
    List<PanelMember> members =
        names(model.format()).stream()
            .map(name -> new PanelMember(name, model, JudgePrompts.find(model.format().prompt)))
            .toList();
    List<Rollout> shown = ComparisonEvents.rollouts("run", presentation, Instant.EPOCH);
    CandidateGroup group =
        new CandidateGroup(shown.getFirst().getGroupId(), shown.getFirst().getArm(), shown);
    List<Finding> findings = new ArrayList<>();
    switch (judge) {
      case ModelJudge.Generative alone -> {
        for (Rollout rollout : shown) {
          findings.add(new GenerativeJudge(members, alone).judge(rollout));
        }
      }
      case ModelJudge.Tournament pairs ->
          findings.addAll(new TournamentJudge(members, pairs).judge(group));
      case ModelJudge.Listwise list ->
          findings.addAll(new ListwiseJudge(members, list).judge(group));
      case ModelJudge.Scalar scores -> throw new AssertionError(scores);
    }
    Map<Integer, Judgement> byPosition = new HashMap<>();
    for (int position = 0; position < findings.size(); position++) {
      Finding finding = findings.get(position);
      byPosition.put(
          position,
          judgement(
              position,
              switch (finding) {
                case Finding.Scored scored -> JudgementStatus.SCORED;
                case Finding.Abstained abstained -> JudgementStatus.ABSTAINED;
                case Finding.Unparseable unparseable -> JudgementStatus.UNPARSEABLE;
                case Finding.Failed failed -> JudgementStatus.FAILED;
              },
              finding instanceof Finding.Scored scored ? scored.verdict() : null,
              finding.evidence().votes()));
    }
    return byPosition;
  }

  private static Judgement judgement(
      int index, JudgementStatus status, @Nullable Verdict verdict, List<Vote> votes) {
    return Judgement.newBuilder()
        .setJudgementId("id")
        .setRunId("run")
        .setGroupId("group")
        .setArm("only")
        .setIndex(index)
        .setJudge("j")
        .setJudgeVersion("1")
        .setContentHash("")
        .setStatus(status)
        .setVerdict(verdict)
        .setVotes(votes)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
