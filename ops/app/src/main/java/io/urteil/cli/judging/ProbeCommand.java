package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.ServersOption;
import io.urteil.cli.option.ThreadsOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.evaluation.probe.Probe;
import io.urteil.evaluation.probe.ProbeCase;
import io.urteil.evaluation.probe.ProbeReport;
import io.urteil.evaluation.probe.ProbeReportText;
import io.urteil.file.FileRoots;
import io.urteil.judge.api.Judge;
import io.urteil.judges.JudgeRegistry;
import io.urteil.judges.answer.AnswerJudge;
import io.urteil.judges.answer.search.AnswerSearch;
import io.urteil.judges.answer.search.Vocabulary;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import io.urteil.prompt.JudgePrompts;
import io.urteil.prompt.attack.Attack;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.worker.JudgeWorkerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil probe}. */
@Command(
    name = "probe",
    description = {
      "Attacks a judge: appends every known attack to wrong answers to easy questions.",
      "A wrong answer must not win by quoting a verdict, closing a tag, praising itself, or being"
          + " empty. Prints the result of each attack."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil probe --judge math",
      "  urteil probe --judge math --search 600",
      "  urteil probe --judge answer --run-file ops/runs/math-answers.yaml --report probe.json",
      "  urteil probe --model DIR --prompt j1-verdict --kind verdict",
      "  urteil probe --model .urteil/demo/demo-001/seed-judge --cases"
          + " ops/data/arithmetic/heldout.jsonl"
    })
public final class ProbeCommand extends UrteilSubcommand {

  @Mixin private EvaluatedJudgeOptions judges = new EvaluatedJudgeOptions();

  @Mixin private ProbeScope scope = new ProbeScope();

  @Option(
      names = "--search",
      paramLabel = "SECONDS",
      description =
          "Instead of the known attacks, edit answers for this time and look for wrong ones that"
              + " the comparison accepts; --judge number, text, math or choice. Exits with 1 if it finds"
              + " any.")
  private @Nullable Integer search;

  @Mixin private ServersOption servers = new ServersOption();

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws Exception {
    if (search != null) {
      scope.requireNone();
      if (report.file() != null) {
        throw new IllegalArgumentException(
            "--report: with --search (expected: without it; a search prints what it finds)");
      }
      return search(search);
    }
    List<Attack> attacks = scope.attacks();
    List<ProbeCase> cases = scope.cases();
    EvaluatedJudge judge = judge();
    NamedModels.ofProcess(errors()).requireCached(judge.section());
    JudgeWorkerSettings settings =
        threads.applyTo(servers.applyTo(ProcessSettings.ofProcess().judge())).withAllUrls();
    try (JudgeRegistry registry =
        new JudgeRegistry(
            settings.models(), settings.runtime(), settings.servers(), FileRoots.any())) {
      Judge made = registry.make(judge.section());
      ProbeReport probed = new Probe(made, cases, orders()).run(judge.name(), attacks);
      ProbeReportText.print(probed, output());
      report.write(probed);
      return ExitCode.OK;
    }
  }

  private int search(int seconds) {
    if (seconds < 1) {
      throw new IllegalArgumentException(
          "--search: %d (expected: at least 1 second)".formatted(seconds));
    }
    judges.requireOnlyName("--search");
    RuleJudge.Compare compare = comparison().orElseThrow(this::noComparison);
    AnswerJudge judge = new AnswerJudge(compare);
    AnswerSearch.Result result =
        new AnswerSearch(Vocabulary.of(compare), judge::isRight, judges.verdicts().seed())
            .run(Duration.ofSeconds(seconds));
    for (AnswerSearch.Found found : result.found()) {
      output()
          .printf(
              "'%s' is right for '%s', but %s%n", found.answer(), found.reference(), found.why());
    }
    output()
        .printf(
            "%s (%s): %d wrong answers accepted of %d that were read, %d tried%n",
            judges.name(), judge.version(), result.found().size(), result.read(), result.tried());
    return result.found().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** The comparison of answers that {@code --judge} alone names. */
  private Optional<RuleJudge.Compare> comparison() {
    return Arrays.stream(RuleJudge.Compare.values())
        .filter(one -> !judges.namesModel() && one.name().equalsIgnoreCase(judges.name()))
        .findFirst();
  }

  private IllegalArgumentException noComparison() {
    return new IllegalArgumentException(
        "--judge: %s (expected: number, text, math or choice%s)"
            .formatted(
                judges.name() == null ? "missing" : "'" + judges.name() + "'",
                search == null
                    ? "; the name of a run file of ops/runs; or --run-file or --model"
                    : ", for --search"));
  }

  private EvaluatedJudge judge() throws IOException {
    Optional<RuleJudge.Compare> comparison = comparison();
    if (comparison.isPresent()) {
      return judges
          .verdicts()
          .applyTo(
              new EvaluatedJudge(
                  String.valueOf(judges.name()), new RuleJudge.Answer(comparison.get()), null));
    }
    if (!judges.namesModel()
        && (judges.name() == null || !EvaluatedJudge.isPackaged(judges.name()))) {
      throw noComparison();
    }
    EvaluatedJudge judge = judges.judge(NamedModels.ofProcess(errors()));
    if (judge.reward() == null && judge.section() instanceof ModelJudge asked) {
      return judge.withSection(asked.withPanel(ProbeCommand::shown));
    }
    return judge;
  }

  /** The orders of right and wrong answer. */
  private List<CandidateOrder> orders() {
    CandidateOrders orders = judges.verdicts().orders();
    Random random = new Random(judges.verdicts().seed());
    return (orders == null ? CandidateOrders.BOTH : orders)
        .of(2, () -> random.nextBoolean() ? CandidateOrder.AB : CandidateOrder.BA);
  }

  /** Shows the reference if the prompt uses it. */
  private static JudgePanel shown(JudgePanel panel) {
    boolean used =
        panel.members().values().stream()
            .anyMatch(member -> JudgePrompts.find(member.prompt()).usesReference());
    return panel.withReference(used);
  }
}
