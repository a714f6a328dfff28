package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.ServersOption;
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
import io.urteil.prompt.JudgePrompts;
import io.urteil.prompt.attack.Attack;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.worker.JudgeWorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
      "  urteil probe --judge j1-verdict --model DIR --kind verdict",
      "  urteil probe --model .urteil/demo/demo-001/seed-judge --cases"
          + " ops/data/arithmetic/heldout.jsonl"
    })
public final class ProbeCommand extends UrteilSubcommand {

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      description =
          "A judge of the run file (default: its primary judge); with --model a judge prompt or its"
              + " .yaml file (default: judge-prompt.yaml of the model; none for a reward model);"
              + " without either a comparison of answers: number, text, math or choice.")
  private @Nullable String judge;

  @ArgGroup private @Nullable Source source;

  @Mixin private ProbeScope scope = new ProbeScope();

  @Option(
      names = "--search",
      paramLabel = "SECONDS",
      description =
          "Instead of the known attacks, edit answers for this time and look for wrong ones that"
              + " the comparison accepts; --judge number, text, math or choice. Exits with 1 if it finds"
              + " any.")
  private @Nullable Integer search;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the edits of --search (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private ServersOption servers = new ServersOption();

  @Mixin private ReportOption report = new ReportOption();

  /** The source of the judge. */
  static final class Source {
    @Option(
        names = "--run-file",
        paramLabel = "FILE",
        description = "Run file that describes the judge.")
    private @Nullable Path runFile;

    @Option(
        names = "--model",
        paramLabel = "NAME|DIR",
        description = "Model of the judge: a Hugging Face model directory, or a name on the hub.")
    private @Nullable Path model;
  }

  /** A judge and its name in the report. */
  private record Named(String name, JudgeSection description) {}

  @Override
  public Integer call() throws Exception {
    if (search != null) {
      scope.requireNone();
      if (report.file() != null) {
        throw new IllegalArgumentException(
            "--report: with --search (expected: without it; a search prints what it finds)");
      }
      return search(named(), search);
    }
    List<Attack> attacks = scope.attacks();
    List<ProbeCase> cases = scope.cases();
    Named named = named();
    if (named.description() instanceof RuleJudge.Verdict) {
      throw new IllegalArgumentException(
          "judge '%s' parses verdicts of the policy (expected: a judge of answers)"
              .formatted(named.name()));
    }
    NamedModels.ofProcess(errors()).requireCached(named.description());
    JudgeWorkerSettings settings =
        servers.applyTo(ProcessSettings.ofProcess().judge()).withAllUrls();
    try (JudgeRegistry judges =
        new JudgeRegistry(
            settings.models(), settings.runtime(), settings.servers(), FileRoots.any())) {
      Judge made = judges.make(named.description());
      ProbeReport probed = new Probe(made, cases).run(named.name(), attacks);
      ProbeReportText.print(probed, output());
      report.write(probed);
      return ExitCode.OK;
    }
  }

  private int search(Named named, int seconds) {
    if (seconds < 1) {
      throw new IllegalArgumentException(
          "--search: %d (expected: at least 1 second)".formatted(seconds));
    }
    if (!(named.description() instanceof RuleJudge.Answer answer)) {
      throw new IllegalArgumentException(
          "--search: judge '%s' (expected: a comparison of answers)".formatted(named.name()));
    }
    AnswerJudge judge = new AnswerJudge(answer.compare());
    AnswerSearch.Result result =
        new AnswerSearch(Vocabulary.of(answer.compare()), judge::isRight, seed)
            .run(Duration.ofSeconds(seconds));
    for (AnswerSearch.Found found : result.found()) {
      output()
          .printf(
              "'%s' is right for '%s', but %s%n", found.answer(), found.reference(), found.why());
    }
    output()
        .printf(
            "%s (%s): %d wrong answers accepted of %d that were read, %d tried%n",
            named.name(), judge.version(), result.found().size(), result.read(), result.tried());
    return result.found().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private Named named() throws IOException {
    Path runFile = source == null ? null : source.runFile;
    Path model = source == null ? null : source.model;
    if (runFile != null) {
      return ofRunFile(RunFileReader.read(runFile.toString(), text(runFile)));
    }
    return model == null ? rule() : ofModel(model);
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "--run-file: no file '%s' (expected: a run file)".formatted(file), e);
    }
  }

  private Named ofRunFile(RunFile run) {
    String name = judge == null ? run.reward().judge() : judge;
    JudgeSection description = run.judges().get(name);
    if (description == null) {
      throw new IllegalArgumentException(
          "--judge: '%s' (expected: one of %s, the judges of the run file)"
              .formatted(name, String.join(", ", run.judges().keySet())));
    }
    return new Named(name, description);
  }

  private Named rule() {
    for (RuleJudge.Compare compare : RuleJudge.Compare.values()) {
      if (judge != null && compare.name().equalsIgnoreCase(judge)) {
        return new Named(judge, new RuleJudge.Answer(compare));
      }
    }
    throw new IllegalArgumentException(
        judge == null
            ? "--judge: missing (expected: number, text, math or choice; or --run-file or --model)"
            : "--judge: '%s' (expected: number, text, math or choice; or a name with --run-file or --model)"
                .formatted(judge));
  }

  /** A judge with this model: prompted, or a reward model. */
  private Named ofModel(Path model) throws IOException {
    Path directory = NamedModels.ofProcess(errors()).directory("--model", model);
    EvaluatedJudge evaluated = EvaluatedJudge.ofModel(directory, judge, null);
    JudgeSection section = evaluated.section();
    if (section instanceof ModelJudge asked) {
      section = asked.withPanel(ProbeCommand::shown);
    }
    String name = judge == null ? evaluated.name() : judge;
    return new Named(name, section);
  }

  /** Shows the reference if the prompt uses it. */
  private static JudgePanel shown(JudgePanel panel) {
    boolean used =
        panel.members().values().stream()
            .anyMatch(member -> JudgePrompts.find(member.prompt()).usesReference());
    return panel.withReference(used);
  }
}
