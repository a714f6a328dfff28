package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.audit.AuditReport;
import io.urteil.audit.replay.ReplayReport;
import io.urteil.bench.LoopReport;
import io.urteil.bench.chaos.ChaosReport;
import io.urteil.bench.engine.DeviceReport;
import io.urteil.bench.engine.EngineReport;
import io.urteil.bench.gateway.GatewayReport;
import io.urteil.bench.gateway.TenantsReport;
import io.urteil.bench.judging.JudgingReport;
import io.urteil.bench.precision.PrecisionReport;
import io.urteil.bench.siege.SiegeReport;
import io.urteil.bench.tail.TailReport;
import io.urteil.bench.topology.TopologyReport;
import io.urteil.evaluation.DirectQuestionReport;
import io.urteil.evaluation.ModelComparisonReport;
import io.urteil.evaluation.measure.AccuracyByVotes;
import io.urteil.evaluation.measure.ConfidenceInterval;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.measure.ResponseLengths;
import io.urteil.evaluation.probe.AttackRow;
import io.urteil.evaluation.probe.ProbeReport;
import io.urteil.evaluation.report.EvaluationReport;
import io.urteil.local.arithmetic.SeedJudgeRecord;
import io.urteil.local.rejudge.Agreement;
import io.urteil.local.rejudge.RejudgeReport;
import io.urteil.local.rejudge.ShadowReport;
import io.urteil.local.score.ScoreReport;
import io.urteil.local.train.TrainingReport;
import io.urteil.local.watch.HeldOutEvaluation;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ops/docs/reports.md} against the records that {@code --report} writes. */
class ReportsDocumentationTest {

  private static final String PAGE = "ops/docs/reports.md";
  private static final String CURVE = "A point of `curve`";

  private static final String AGREEMENT = "The agreement of two judges";
  private static final Map<String, Class<?>> REPORTS =
      Map.ofEntries(
          Map.entry("`urteil train`", TrainingReport.class),
          Map.entry("`urteil seed-judge`", SeedJudgeRecord.class),
          Map.entry("`urteil score`", ScoreReport.class),
          Map.entry("`urteil probe`", ProbeReport.class),
          Map.entry("A row of `byAttack`", AttackRow.class),
          Map.entry("`urteil evaluate`", EvaluationReport.class),
          Map.entry("A judge of `judges`", EvaluationResult.class),
          Map.entry("A slice of `slices`", EvaluationResult.Slice.class),
          Map.entry("An interval of `intervals`", ConfidenceInterval.class),
          Map.entry("The object `lengths`", ResponseLengths.class),
          Map.entry("The objects `all`, `right` and `wrong`", ResponseLengths.Lengths.class),
          Map.entry("A point of `accuracyByVotes`", AccuracyByVotes.class),
          Map.entry("`urteil judge`", DirectQuestionReport.class),
          Map.entry("`urteil compare`", ModelComparisonReport.class),
          Map.entry("A model of `models`", ModelComparisonReport.ComparedModel.class),
          Map.entry("A vote of `votes`", ModelComparisonReport.ComparedVote.class),
          Map.entry("`urteil bench loop`", LoopReport.class),
          Map.entry("`urteil bench engine`", EngineReport.class),
          Map.entry("`urteil bench judging`", JudgingReport.class),
          Map.entry("A judge of the benchmark's `judges`", JudgingReport.Judge.class),
          Map.entry("`urteil bench device`", DeviceReport.class),
          Map.entry("A check of `checks`", DeviceReport.Check.class),
          Map.entry("`urteil bench precision`", PrecisionReport.class),
          Map.entry("A row of `changes`", PrecisionReport.ChangedVerdict.class),
          Map.entry("`urteil bench chaos`", ChaosReport.class),
          Map.entry("`urteil bench siege`", SiegeReport.class),
          Map.entry("The object `attacks`", SiegeReport.Attacks.class),
          Map.entry("`urteil bench tail`", TailReport.class),
          Map.entry("`urteil bench gateway`", GatewayReport.class),
          Map.entry("The object `tenants`", TenantsReport.class),
          Map.entry("A row of `rows`", TenantsReport.Row.class),
          Map.entry("`urteil audit`", AuditReport.class),
          Map.entry("`urteil replay`", ReplayReport.class),
          Map.entry("`urteil rejudge`", RejudgeReport.class),
          Map.entry("`urteil shadow`", ShadowReport.class),
          Map.entry(AGREEMENT, Agreement.class),
          Map.entry("`urteil bench topology`", TopologyReport.class),
          Map.entry("The object `throughput`", TopologyReport.Flow.class),
          Map.entry("The object `latency`", TopologyReport.Delay.class),
          Map.entry("The object `restart`", TopologyReport.Restart.class),
          Map.entry("A row of `openGroups`", TopologyReport.OpenRow.class),
          Map.entry("A row of `workers`", TopologyReport.WorkersRow.class),
          Map.entry("A point of `updates`", TrainingReport.Update.class),
          Map.entry(CURVE, HeldOutEvaluation.class));

  /** Commands that write the report of another command. */
  private static final Map<String, String> SAME = Map.of("`urteil demo`", "`urteil train`");

  static Stream<Map.Entry<String, Class<?>>> reports() {
    return REPORTS.entrySet().stream();
  }

  @Test
  void shouldHaveASectionForEachCommandThatReports() throws IOException {
    // Given
    List<String> reporting =
        CommandLineOptions.byCommand().entrySet().stream()
            .filter(
                command ->
                    command.getValue().stream()
                        .anyMatch(argument -> argument.name().equals("--report")))
            .map(command -> "`" + command.getKey() + "`")
            .toList();

    // When
    List<String> sections = DocumentationPage.read(PAGE).headings(2);

    // Then
    assertThat(sections).containsExactlyInAnyOrderElementsOf(reporting);
    assertThat(REPORTS.keySet())
        .containsAll(
            reporting.stream().map(command -> SAME.getOrDefault(command, command)).toList());
  }

  @ParameterizedTest
  @MethodSource("reports")
  void shouldNameEveryFigureWithItsTypeAndMeaning(Map.Entry<String, Class<?>> report)
      throws IOException {
    // When
    DocumentationPage.Table table = DocumentationPage.read(PAGE).table(report.getKey());

    // Then
    assertThat(
            table.rows().stream()
                .map(row -> DocumentationPage.code(row.get(0)) + ": " + row.get(1)))
        .containsExactlyElementsOf(
            ReportComponents.of(report.getValue())
                .map(one -> one.name() + ": " + type(one.component()))
                .toList());
    assertThat(table.column(2)).doesNotContain("");
  }

  private static String type(RecordComponent component) {
    Class<?> type = component.getType();
    String name =
        type == String.class || type.isEnum()
            ? "text"
            : type == boolean.class
                ? "true or false"
                : type == int.class || type == long.class || type == Integer.class
                    ? "whole number"
                    : type == double.class || type == Double.class
                        ? "number"
                        : Map.class.isAssignableFrom(type) || type.isRecord() ? "object" : "array";
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class)
        ? name + " or null"
        : name;
  }
}
