package io.urteil.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.contract.EventRules;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.worker.call.CallOutcome;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CheckedFindingTest {

  private static final int RECORD = 8 * 1024 * 1024;
  private static final PointwiseJudge JUDGE =
      new PointwiseJudge() {
        @Override
        public String version() {
          return "v";
        }

        @Override
        public Finding judge(Rollout rollout) {
          throw new AssertionError();
        }
      };

  @Test
  void shouldPassAnOrdinaryFindingUnchanged() {
    Finding scored = new Finding.Scored(verdict(List.of(0.5), "A", List.of(0.25, 0.75)), "text");
    assertThat(CheckedFinding.of(scored)).isEqualTo(scored);
    Finding unparseable = new Finding.Unparseable("text", "structure");
    assertThat(CheckedFinding.of(unparseable)).isEqualTo(unparseable);
  }

  @Test
  void shouldFailWithAReasonWhenAFindingIsImpossible() {
    assertFailed(null, "the judge returned null (expected: a finding)");
    assertFailed(
        scored(List.of(Double.NaN), null, List.of()), "scores: NaN (expected: finite numbers)");
    assertFailed(
        scored(List.of(Double.POSITIVE_INFINITY), null, List.of()),
        "scores: Infinity (expected: finite numbers)");
    assertFailed(
        scored(List.of(), null, List.of(1.5)),
        "probabilities: 1.5 (expected: finite numbers from 0 to 1)");
    assertFailed(
        scored(List.of(), "x".repeat(5_000_000), List.of()),
        "label: 5000000 characters (expected: at most 1024)");
    assertFailed(
        scored(Collections.nCopies(100_000, 1.0), null, List.of()),
        "scores: 100000 (expected: at most 16384)");
    assertFailed(
        scored(List.of(), "\u20ac".repeat(500), List.of()),
        "label: 1500 bytes (expected: at most 1024)");
    assertFailed(
        scored(Collections.nCopies(300, 1.0), null, List.of()),
        "scores: 300 values (expected: at most 256)");
  }

  @Test
  void shouldTakeAProbabilityThatRoundingPutAboveOneAsOne() {
    assertThat(CheckedFinding.of(scored(List.of(), null, List.of(1 + 5e-7, 0.0))))
        .isEqualTo(scored(List.of(), null, List.of(1.0, 0.0)));
  }

  @Test
  void shouldCutALongTextAndSayHowLongItWas() {
    Finding cut = CheckedFinding.of(new Finding.Unparseable("x".repeat(10_000_000)));
    assertThat(cut)
        .isInstanceOfSatisfying(
            Finding.Unparseable.class,
            finding -> assertThat(finding.text()).endsWith("x [cut, 10000000 characters]"));
  }

  @Property(tries = 300)
  void shouldMakeAJudgementThatFitsIntoARecordWhateverAJudgeReturns(
      @ForAll("findings") Finding finding) {
    // When
    Rollout rollout = TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0).build();
    Judgement judgement =
        new JudgementEvents(Clock.systemUTC())
            .of(
                "outcome",
                JUDGE,
                JudgementSubject.of(
                    new ConsumerRecord<>("rollouts", 1, 2, "key", new byte[0]), rollout),
                new CallOutcome.Found<>(CheckedFinding.of(finding)),
                1,
                1);

    // Then
    assertThat(new EventCodec().encode(judgement).length).isLessThan(RECORD);
    assertThat(EventRules.violation(judgement)).as("the topology accepts it").isEmpty();
    if (judgement.getStatus() == JudgementStatus.SCORED) {
      Verdict verdict = Objects.requireNonNull(judgement.getVerdict());
      assertThat(verdict.getScores()).allMatch(Double::isFinite);
      assertThat(verdict.getProbabilities()).allMatch(p -> p >= 0 && p <= 1);
    }
  }

  @Provide
  Arbitrary<Finding> findings() {
    Arbitrary<Evidence> evidence =
        Arbitraries.of(0, 1, 3, 200, 20_000)
            .flatMap(
                votes ->
                    Arbitraries.of(0, 10, 5_000_000 / (votes + 1))
                        .map(length -> evidence(votes, length)));
    Arbitrary<@Nullable String> text =
        Arbitraries.of(0, 1, 340, 1_000, 300_000, 3_000_000)
            .flatMap(
                length -> Arbitraries.of("a", "\u20ac", "\ud83d\ude00").map(s -> s.repeat(length)))
            .injectNull(0.1);
    Arbitrary<Verdict> verdict =
        Combinators.combine(numbers(), numbers(), text)
            .as((scores, probabilities, label) -> verdict(scores, label, probabilities))
            .injectNull(0.05);
    return Arbitraries.oneOf(
        Combinators.combine(verdict, text, evidence).as(Finding.Scored::new),
        Combinators.combine(text, evidence).as(Finding.Abstained::new),
        Combinators.combine(text, text, evidence).as(Finding.Unparseable::new),
        Combinators.combine(text, evidence).as(Finding.Failed::new));
  }

  private static Arbitrary<List<Double>> numbers() {
    return Arbitraries.of(
            0.5,
            1.0,
            1 + 5e-7,
            -1e308,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            Double.MAX_VALUE,
            Double.MIN_VALUE)
        .list()
        .ofMaxSize(4);
  }

  private static Evidence evidence(int votes, int length) {
    Vote vote =
        Vote.newBuilder()
            .setOrder("AB")
            .setSample(0)
            .setStatus(JudgementStatus.UNPARSEABLE)
            .setText("\u20ac".repeat(length))
            .setJudge("j".repeat(Math.min(length, 100_000)))
            .build();
    return new Evidence(Collections.nCopies(votes, vote), 0, 0, 0);
  }

  private static void assertFailed(@Nullable Finding finding, String reason) {
    assertThat(CheckedFinding.of(finding)).isEqualTo(new Finding.Failed(reason, Evidence.NONE));
  }

  private static Finding scored(
      List<Double> scores, @Nullable String label, List<Double> probabilities) {
    return new Finding.Scored(verdict(scores, label, probabilities), null);
  }

  private static Verdict verdict(
      List<Double> scores, @Nullable String label, List<Double> probabilities) {
    return Verdict.newBuilder()
        .setScores(scores)
        .setLabel(label)
        .setProbabilities(probabilities)
        .build();
  }
}
