package io.urteil.evaluation.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.evaluation.Recordings;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.event.JudgementStatus;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import io.urteil.prompt.Preference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BenchmarkFormatsTest {

  @Test
  void shouldReadPairsOfOnesOwn() throws IOException {
    // When
    List<Comparison> pairs =
        read(
            "pairs",
            """
            {"question": "1+1?", "a": "2", "b": "3", "better": "A"}

            {"id": 7, "question": "why?", "a": "x", "b": "y", "better": "tie", "source": "s", "reference": "z"}
            """);

    // Then
    assertThat(pairs.get(0)).isEqualTo(Comparison.pair("1", "1+1?", "2", "3", Preference.A, "all"));
    assertThat(pairs.get(1).id()).isEqualTo("7");
    assertThat(pairs.get(1).source()).isEqualTo("s");
    assertThat(pairs.get(1).better()).isEqualTo(Preference.TIE);
    assertThat(pairs.get(1).columns()).isEqualTo(Map.of("reference", "z"));
  }

  @Test
  void shouldReadThePairsThatTrainingReadsAndPreferenceData() throws IOException {
    // When
    List<Comparison> pairs =
        read(
            "pairs",
            """
            {"question": "1+1?", "answers": ["2", "3"], "scores": [9, 2], "reference": "2"}
            {"prompt": "1+1?", "chosen": "2", "rejected": "3"}
            {"chosen": [{"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"}], "rejected": [{"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "3"}]}
            """);

    // Then
    assertThat(pairs.get(0).columns()).isEqualTo(Map.of("reference", "2"));
    assertThat(pairs.get(1)).isEqualTo(Comparison.pair("2", "1+1?", "2", "3", Preference.A, "all"));
    assertThat(pairs.get(2)).isEqualTo(Comparison.pair("3", "1+1?", "2", "3", Preference.A, "all"));
  }

  @Test
  void shouldNameEveryBadRowAndReadNone() {
    assertThatThrownBy(
            () ->
                read(
                    "pairs",
                    """
                    {"question": "q", "a": "2", "b": "3", "better": "A"}
                    {oops
                    {"question": "q", "a": 2, "b": "3", "better": "A"}
                    {"question": "q", "a": "2", "b": "3", "better": "C"}
                    {"id": "1", "question": "q", "a": "2", "b": "3", "better": "B"}
                    [1]
                    """))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("data: 5 problems:")
        .hasMessageContaining("made.jsonl, line 2: ")
        .hasMessageContaining("made.jsonl, line 3: a: 2 (expected: a text)")
        .hasMessageContaining("made.jsonl, line 4: better: 'C' (expected: A, B or tie)")
        .hasMessageContaining(
            "made.jsonl, line 5: id '1' (expected: a unique id; made.jsonl, line 1 has the same)")
        .hasMessageContaining("made.jsonl, line 6: [1] (expected: a JSON object)");
  }

  @Test
  void shouldRefuseFilesWithoutRowsAndBrokenArrays() {
    assertThatThrownBy(() -> read("pairs", "\n\n"))
        .hasMessageContaining("made.jsonl: no rows (expected: at least one)");
    assertThatThrownBy(() -> read("pandalm", "[{}, "))
        .hasMessageContaining("made.jsonl, line 1: ")
        .hasMessageEndingWith("(expected: one JSON array)");
    assertThatThrownBy(() -> read("pandalm", "[{\"annotator1\": 3}]"))
        .hasMessageContaining("made.jsonl, item 0: annotator1: 3 (expected: 0 to 2)");
  }

  @Test
  void shouldNameTheBenchmarksThereAre() {
    assertThatThrownBy(() -> Benchmark.named("pandaml"))
        .hasMessageStartingWith("benchmark: 'pandaml' (expected: one of pandalm, ")
        .hasMessageContaining("rewardbench-2, pairs)");
    assertThatThrownBy(() -> Benchmark.named("rewardbench").files(List.of()))
        .hasMessage(
            "--data: missing (expected: the files of rewardbench, which are not packaged with"
                + " Urteil)");
  }

  @Test
  void shouldReadRewardBench() throws IOException {
    // When
    List<Comparison> pairs =
        read(
            "rewardbench",
            """
            {"id": 3, "prompt": "p", "chosen": "c", "rejected": "r", "subset": "hep-java", "chosen_model": "m"}
            """);

    // Then
    assertThat(pairs)
        .containsExactly(Comparison.pair("hep-java/3", "p", "c", "r", Preference.A, "hep-java"));
    assertThatThrownBy(
            () ->
                read(
                    "rewardbench",
                    "{\"id\": 3, \"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\","
                        + " \"subset\": \"chat\"}"))
        .hasMessageContaining("subset: 'chat' (expected: one of ");
  }

  @Test
  void shouldReadRewardBench2() throws IOException {
    // When
    List<Comparison> items =
        read(
            "rewardbench-2",
            """
            {"id": "tied:4", "prompt": "p", "chosen": ["c", "d"], "rejected": ["r"], "subset": "Ties"}
            """);

    // Then
    assertThat(items.getFirst().right()).containsExactly(true, true, false);
    assertThat(items.getFirst().source()).isEqualTo("Ties");
  }

  @Test
  void shouldReadVerdictsInAFormOfTheirOwn() throws IOException {
    // When
    RecordedVerdicts verdicts =
        RecordedVerdicts.read(
            file(
                """
                {"id": 1, "verdict": "A", "judge": "j"}
                {"id": 1, "order": "BA", "verdict": "unparseable", "judge": "j", "text": "hm"}
                {"id": "g", "order": "2,0,1", "scores": [1, 2, 3], "judge": "j"}
                {"id": "of another benchmark", "verdict": "B", "judge": "j"}
                """),
            List.of("1", "g"));

    // Then
    assertThat(verdicts.byJudge().get("j"))
        .containsExactly(
            new RecordedVerdicts.Verdict(
                "j", "1", "AB", JudgementStatus.SCORED, List.of(1.0, 0.0), null),
            new RecordedVerdicts.Verdict(
                "j", "1", "BA", JudgementStatus.UNPARSEABLE, List.of(), "hm"),
            new RecordedVerdicts.Verdict(
                "j", "g", "2,0,1", JudgementStatus.SCORED, List.of(1.0, 2.0, 3.0), null));
  }

  @Test
  void shouldRefuseVerdictsThatCannotBeUsed() {
    assertThatThrownBy(
            () ->
                RecordedVerdicts.read(
                    file(
                        """
                        {"id": 1, "verdict": "C"}
                        {"id": 1, "order": "BC", "verdict": "A"}
                        {"pair_id": "1", "judge_model": "m", "decision_ab": "A", "decision_ba": null}
                        {"id": 1, "verdict": "A", "readings": {"BA": [1]}}
                        """),
                    List.of("1")))
        .hasMessageContaining("line 1: verdict: 'C' (expected: A, B, tie, ")
        .hasMessageContaining("line 2: order: 'BC' (expected: AB, BA, ")
        .hasMessageContaining("line 3: decision_ab: 'A' (expected: A>B, B>A, A=B or null)")
        .hasMessageContaining(
            "line 4: readings.BA: [1] (expected: 2 scores, unparseable, abstained, failed or"
                + " timed_out)");
    assertThatThrownBy(
            () -> RecordedVerdicts.read(file("{\"id\": 1, \"verdict\": \"A\"}"), List.of("2")))
        .hasMessageContaining("has no verdict on any of the 1 comparisons");
  }

  @Test
  void shouldDrawTheSameOrdersFromTheSameSeed() throws IOException {
    // Given
    List<Comparison> pairs = Recordings.comparisons("mt-bench-human");

    // When
    Map<String, Long> names =
        pairs.stream()
            .map(pair -> Presentation.orders(CandidateOrders.RANDOM, pair, 1).getFirst().name())
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));

    // Then
    assertThat(names.get("AB")).isBetween(70L, 130L);
    List<List<CandidateOrder>> again =
        pairs.stream().map(pair -> Presentation.orders(CandidateOrders.RANDOM, pair, 1)).toList();
    List<List<CandidateOrder>> otherwise =
        pairs.stream().map(pair -> Presentation.orders(CandidateOrders.RANDOM, pair, 2)).toList();
    assertThat(pairs.stream().map(pair -> Presentation.orders(CandidateOrders.RANDOM, pair, 1)))
        .containsExactlyElementsOf(again)
        .isNotEqualTo(otherwise);
  }

  private static List<Comparison> read(String benchmark, String text) throws IOException {
    return Benchmark.named(benchmark).read(List.of(file(text)));
  }

  private static DataFile file(String text) {
    return new DataFile("made.jsonl", "", text.getBytes(StandardCharsets.UTF_8));
  }
}
