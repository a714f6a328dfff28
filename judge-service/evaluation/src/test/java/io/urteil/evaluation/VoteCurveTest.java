package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.evaluation.measure.AccuracyByVotes;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ConfidenceInterval;
import io.urteil.evaluation.measure.Measure;
import io.urteil.evaluation.measure.PairMeasure;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgePanel.Combine;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against an independent count over all subsets; the vectors are made by ops/python/golden. */
class VoteCurveTest {

  static {
    EventCodec.trustEvents();
  }

  private static final Measure DECISIVE = new PairMeasure(PairMeasure.By.DECISIVE, false);

  static List<JsonNode> curves() throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    new ObjectMapper()
        .readTree(VoteCurveTest.class.getResourceAsStream("/golden/votes.json"))
        .path("curves")
        .forEach(vectors::add);
    assertThat(vectors).isNotEmpty();
    return vectors;
  }

  @ParameterizedTest
  @MethodSource("curves")
  void shouldGiveTheExpectedAccuracyOverAllSubsets(JsonNode golden) {
    // Given
    int n = golden.path("n").asInt();
    Combine combine = Combine.valueOf(golden.path("combine").asText().toUpperCase(Locale.ROOT));
    boolean own = golden.path("own").asBoolean();
    List<VoteCurve.Sampled> comparisons = new ArrayList<>();
    golden
        .path("pairs")
        .forEach(pair -> comparisons.add(sampled(comparisons.size(), pair, combine, own, n)));

    // When
    List<AccuracyByVotes> curve = VoteCurve.of(comparisons, n, DECISIVE, 1);

    // Then
    assertThat(curve).hasSameSizeAs(golden.path("curve"));
    for (int i = 0; i < curve.size(); i++) {
      JsonNode expected = golden.path("curve").get(i);
      AccuracyByVotes point = curve.get(i);
      assertThat(point.votes()).isEqualTo(expected.path("votes").asInt());
      assertThat(point.subsets()).isEqualTo(expected.path("subsets").asInt());
      assertThat(point.accuracy())
          .as("with %d votes", point.votes())
          .isCloseTo(expected.path("accuracy").asDouble(), within(1e-12));
      ConfidenceInterval interval = Objects.requireNonNull(point.interval(), "interval");
      assertThat(point.accuracy()).isBetween(interval.low(), interval.high());
    }
  }

  @Test
  void shouldHaveTheIntervalOfAShareWithAllVotes() throws IOException {
    // Given
    JsonNode golden = curves().getFirst();
    List<VoteCurve.Sampled> comparisons = new ArrayList<>();
    golden
        .path("pairs")
        .forEach(
            pair -> comparisons.add(sampled(comparisons.size(), pair, Combine.MAJORITY, false, 4)));

    // When
    AccuracyByVotes all = VoteCurve.of(comparisons, 4, DECISIVE, 1).getLast();
    AccuracyByVotes strict =
        VoteCurve.of(comparisons, 4, new PairMeasure(PairMeasure.By.EXACT, false), 1).getLast();

    // Then
    assertThat(all.subsets()).isEqualTo(1);
    assertThat(strict.interval()).isNotNull();
    assertThat(strict.interval()).isEqualTo(ConfidenceInterval.wilson(strict.accuracy() * 12, 12));
  }

  @Test
  void shouldHaveTheIntervalOfAShareIfAllSubsetsAgree() {
    // Given
    ModelJudge judge = judge(Combine.MAJORITY, CandidateOrders.GIVEN, 3);
    List<VoteCurve.Sampled> comparisons = new ArrayList<>();
    for (String label : List.of("A", "B", "A")) {
      List<Vote> votes = new ArrayList<>();
      for (int sample = 0; sample < 3; sample++) {
        votes.add(vote("0,1", sample, "A", List.of()));
      }
      comparisons.add(one(comparisons.size(), label, judge, CandidateOrder.AB, votes));
    }

    // When
    List<AccuracyByVotes> curve = VoteCurve.of(comparisons, 3, DECISIVE, 1);

    // Then
    assertThat(curve)
        .extracting(AccuracyByVotes::interval)
        .containsOnly(ConfidenceInterval.wilson(2, 3));
  }

  @Property(tries = 200)
  void shouldDrawSubsetsOfTheSize(
      @ForAll @IntRange(min = 1, max = 40) int votes, @ForAll long seed) {
    for (int size : VoteSubsets.sizes(votes)) {
      // When
      List<BitSet> subsets = VoteSubsets.of(votes, size, new Random(seed));

      // Then
      assertThat(subsets).hasSize(VoteSubsets.count(votes, size));
      assertThat(subsets)
          .allSatisfy(
              samples -> {
                assertThat(samples.cardinality()).isEqualTo(size);
                assertThat(samples.length()).isLessThanOrEqualTo(votes);
              });
      if (subsets.size() < VoteSubsets.MOST) {
        assertThat(new HashSet<>(subsets)).hasSameSizeAs(subsets);
      }
    }
  }

  @Property(tries = 5)
  void shouldEstimateWithRandomSubsetsWhatAllSubsetsGive(@ForAll long seed) {
    // Given: of 16 votes 8 are right, so that a subset of 4 is right, wrong or drawn as likely
    ModelJudge judge = judge(Combine.MAJORITY, CandidateOrders.GIVEN, 16);
    List<VoteCurve.Sampled> comparisons = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      List<Vote> votes = new ArrayList<>();
      for (int sample = 0; sample < 16; sample++) {
        votes.add(vote("0,1", sample, sample % 2 == 0 ? "A" : "B", List.of()));
      }
      comparisons.add(one(i, "A", judge, CandidateOrder.AB, votes));
    }

    // When
    List<AccuracyByVotes> curve = VoteCurve.of(comparisons, 16, DECISIVE, seed);

    // Then
    assertThat(curve)
        .extracting(AccuracyByVotes::subsets)
        .containsExactly(16, 120, VoteSubsets.MOST, VoteSubsets.MOST, 1);
    assertThat(curve)
        .allSatisfy(point -> assertThat(point.accuracy()).isCloseTo(0.5, within(0.03)));
  }

  private static VoteCurve.Sampled sampled(
      int number, JsonNode pair, Combine combine, boolean own, int n) {
    String label = pair.path("label").asText();
    if (own) {
      List<Vote> votes = new ArrayList<>();
      votes.addAll(votes("0,1", pair.path("orders").path("AB")));
      votes.addAll(votes("1,0", pair.path("orders").path("BA")));
      VoteCurve.Sampled given =
          one(number, label, judge(combine, CandidateOrders.BOTH, n), CandidateOrder.AB, votes);
      SequencedMap<CandidateOrder, SampledVotes> both = new LinkedHashMap<>(given.votes());
      both.put(CandidateOrder.BA, both.firstEntry().getValue());
      return new VoteCurve.Sampled(given.comparison(), both);
    }
    ModelJudge judge = judge(combine, CandidateOrders.GIVEN, n);
    SequencedMap<CandidateOrder, SampledVotes> byOrder = new LinkedHashMap<>();
    Comparison[] comparison = new Comparison[1];
    pair.path("orders")
        .properties()
        .forEach(
            order -> {
              VoteCurve.Sampled presented =
                  one(
                      number,
                      label,
                      judge,
                      CandidateOrder.named(order.getKey()),
                      votes("0,1", order.getValue()));
              comparison[0] = presented.comparison();
              byOrder.putAll(presented.votes());
            });
    return new VoteCurve.Sampled(comparison[0], byOrder);
  }

  private static VoteCurve.Sampled one(
      int number, String label, ModelJudge judge, CandidateOrder order, List<Vote> votes) {
    SequencedMap<CandidateOrder, SampledVotes> byOrder = new LinkedHashMap<>();
    byOrder.put(
        order,
        SampledVotes.of(judge, order, Map.of(0, judgement(0, votes), 1, judgement(1, votes))));
    return new VoteCurve.Sampled(
        Comparison.pair("" + number, "q", "a", "b", Preference.valueOf(label), "all"), byOrder);
  }

  private static List<Vote> votes(String order, JsonNode said) {
    List<Vote> votes = new ArrayList<>();
    for (JsonNode one : said) {
      List<Double> scores = new ArrayList<>();
      one.path("scores").forEach(score -> scores.add(score.asDouble()));
      votes.add(vote(order, votes.size(), one.path("said").asText(), scores));
    }
    return votes;
  }

  private static Vote vote(String order, int sample, String said, List<Double> scores) {
    return Vote.newBuilder()
        .setOrder(order)
        .setSample(sample)
        .setStatus(said.isEmpty() ? JudgementStatus.UNPARSEABLE : JudgementStatus.SCORED)
        .setVerdict(
            said.isEmpty()
                ? null
                : Verdict.newBuilder().setPreference(said).setScores(scores).build())
        .build();
  }

  /** A judgement whose verdict does not follow from its votes. */
  private static Judgement judgement(int index, List<Vote> votes) {
    return JudgementSample.of(index, JudgementStatus.FAILED, null, votes);
  }

  private static ModelJudge judge(Combine combine, CandidateOrders orders, int votes) {
    JudgePanel panel =
        JudgePanel.of(new JudgePanel.Model.Local(Path.of("m"), Weights.F32), "pairwise-with-tie")
            .withVotes(votes);
    ModelJudge.Tournament pairs = ModelJudge.Tournament.of(panel, orders);
    return new ModelJudge.Tournament(
        panel,
        combine,
        orders,
        pairs.schedule(),
        pairs.rating(),
        pairs.k(),
        pairs.prior(),
        pairs.timeLimit());
  }
}
