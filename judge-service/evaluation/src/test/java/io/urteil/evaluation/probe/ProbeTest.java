package io.urteil.evaluation.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judge.api.PolicyText;
import io.urteil.judges.answer.AnswerJudge;
import io.urteil.prompt.attack.Attacks;
import io.urteil.run.judge.RuleJudge.Compare;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbeTest {

  @ParameterizedTest
  @EnumSource(Compare.class)
  void shouldNotFoolARuleThatComparesAnswers(Compare compare) throws InterruptedException {
    // Given
    Probe probe = new Probe(new AnswerJudge(compare));

    // When
    ProbeReport report = probe.run("answer", Attacks.all());

    // Then
    assertThat(report.byAttack()).filteredOn(row -> row.fooled() + row.raised() > 0).isEmpty();
    assertThat(report.byAttack()).filteredOn(row -> row.failed() > 0).isEmpty();
    assertThat(report.harmed()).isZero();
    assertThat(report.probes()).isEqualTo(report.cases() * report.attacks());
    assertThat(report.cases()).isPositive();
    System.out.printf(
        "probe %s: fooled %d of %d%n", report.version(), report.fooled(), report.probes());
  }

  @Test
  void shouldTellWhichAttacksFoolAJudgeThatBelievesWhatItReads() throws InterruptedException {
    // Given
    PointwiseJudge gullible =
        new Pointwise(
            text -> text.contains("[[A]]") || text.contains("935") ? 1 : text.isBlank() ? 0.5 : 0);

    // When
    ProbeReport report = new Probe(gullible).run("gullible", Attacks.all());

    // Then
    assertThat(row(report, "verdict-bracketed-a").fooled()).isEqualTo(report.cases());
    assertThat(row(report, "verdict-bracketed-b").fooled()).isZero();
    assertThat(row(report, "key-blank").raised()).isEqualTo(report.cases());
    assertThat(row(report, "praise").held()).isEqualTo(report.cases());
    assertThat(report.casesLeftOut()).contains("sky").doesNotContain("sum");
    assertThat(report.fooledShare()).isEqualTo((double) report.fooled() / report.probes());
  }

  @Test
  void shouldCountTheRightAnswersThatLoseTheirVerdictWhenAJudgeCompares()
      throws InterruptedException {
    // Given
    GroupJudge fragile =
        new GroupJudge() {
          @Override
          public String version() {
            return "fragile/1";
          }

          @Override
          public List<Finding> judge(CandidateGroup group) {
            List<Finding> findings = new ArrayList<>();
            for (Rollout rollout : group.candidates()) {
              String text = PolicyText.last(rollout).orElseThrow();
              if (text.length() > 10_000) {
                throw new IllegalStateException("too long");
              }
              findings.add(scored(text.contains("935") ? 2 : 1));
            }
            return findings;
          }
        };

    // When
    ProbeReport report = new Probe(fragile).run("fragile", Attacks.all());

    // Then
    assertThat(row(report, "long").failed()).isEqualTo(2);
    assertThat(row(report, "long").harmed()).isEqualTo(2);
    assertThat(row(report, "praise").held()).isEqualTo(2);
    assertThat(report.harmed()).isGreaterThan(2);
  }

  /** A comparing judge with a known weakness, and the attacks that find it in both orders. */
  @Test
  void shouldFindTheWeaknessesOfAJudgeThatComparesInBothOrders() throws InterruptedException {
    // Given
    GroupJudge lovesLength = new Comparing(text -> text.length() > 250 ? 3 : right(text));
    GroupJudge believesHeadings =
        new Comparing(text -> text.contains("[Reference Answer]") ? 3 : right(text));
    GroupJudge likesSilence = new Comparing(text -> text.isBlank() ? 3 : right(text));
    GroupJudge sound = new Comparing(ProbeTest::right);

    // When
    ProbeReport length = new Probe(lovesLength).run("length", Attacks.all());
    ProbeReport headings = new Probe(believesHeadings).run("headings", Attacks.all());
    ProbeReport silence = new Probe(likesSilence).run("silence", Attacks.all());
    ProbeReport none = new Probe(sound).run("sound", Attacks.all());

    // Then
    assertThat(row(length, "longer").fooled()).isEqualTo(2 * length.cases());
    assertThat(row(length, "key-empty").fooled()).isZero();
    assertThat(row(headings, "heading-reference").fooled()).isEqualTo(2 * headings.cases());
    assertThat(row(headings, "longer").fooled()).isZero();
    assertThat(row(silence, "key-empty").fooled()).isEqualTo(2 * silence.cases());
    assertThat(none.fooled()).isZero();
    assertThat(none.probes()).isEqualTo(2 * none.cases() * none.attacks());
  }

  @Test
  void shouldProbeOnlyTheOrdersInWhichAJudgePrefersTheRightAnswer() throws InterruptedException {
    // Given
    GroupJudge prefersTheFirst =
        new GroupJudge() {
          @Override
          public String version() {
            return "first/1";
          }

          @Override
          public List<Finding> judge(CandidateGroup group) {
            return List.of(scored(1), scored(0));
          }
        };

    // When
    ProbeReport report = new Probe(prefersTheFirst).run("first", Attacks.all());

    // Then
    assertThat(report.probes()).isEqualTo(report.cases() * report.attacks());
    assertThat(report.fooled()).isZero();
  }

  private static double right(String text) {
    return text.contains("935") ? 2 : 1;
  }

  /** Scores each candidate by its text. */
  private record Comparing(ToDoubleFunction<String> score) implements GroupJudge {
    @Override
    public String version() {
      return "comparing/1";
    }

    @Override
    public List<Finding> judge(CandidateGroup group) {
      return group.candidates().stream()
          .map(PolicyText::last)
          .map(text -> scored(score.applyAsDouble(text.orElseThrow())))
          .toList();
    }
  }

  @Test
  void shouldSayThatThereIsNothingToFoolWhenTheJudgeTellsNothingApart() {
    // Given
    Probe probe = new Probe(new Pointwise(text -> 1));

    // Then
    assertThatThrownBy(() -> probe.run("blind", Attacks.all()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("judge 'blind'")
        .hasMessageContaining("in none of");
  }

  /** Scores by the text alone. */
  private record Pointwise(ToDoubleFunction<String> score) implements PointwiseJudge {
    @Override
    public String version() {
      return "test/1";
    }

    @Override
    public Finding judge(Rollout rollout) {
      return scored(score.applyAsDouble(PolicyText.last(rollout).orElseThrow()));
    }
  }

  private static Finding scored(double score) {
    return new Finding.Scored(Verdict.newBuilder().setScores(List.of(score)).build(), null);
  }

  private static AttackRow row(ProbeReport report, String attack) {
    return report.byAttack().stream()
        .filter(row -> row.attack().equals(attack))
        .findFirst()
        .orElseThrow();
  }
}
