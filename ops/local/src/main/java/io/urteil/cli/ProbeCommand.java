package io.urteil.cli;

import io.urteil.judge.Judge;
import io.urteil.judge.Judges;
import io.urteil.local.probe.AttackRow;
import io.urteil.local.probe.Probe;
import io.urteil.local.probe.ProbeReport;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompts;
import io.urteil.prompt.attack.Attack;
import io.urteil.prompt.attack.Attacks;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
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
      "Tries to fool a judge: hostile answers to easy questions, with every trick the project knows.",
      "An answer that is wrong must not become right by quoting a verdict, closing a tag, praising"
          + " itself, or saying nothing. Prints what each attack achieved."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil probe --judge math",
      "  urteil probe --judge answer --run-file ops/runs/math-answers.yaml --report probe.json",
      "  urteil probe --judge j1-verdict --model DIR --kind verdict"
    })
final class ProbeCommand extends UrteilSubcommand {

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      required = true,
      description =
          "A judge of the run file; with --model a judge prompt or its .yaml file; without either a"
              + " way to compare answers: number, text, math or choice.")
  private String judge = "";

  @ArgGroup private @Nullable Source source;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "Only attacks of this kind: verdict, break-out, master-key, persuasion, disguise, size or"
              + " rule (default: all).")
  private @Nullable String kind;

  @Mixin private ReportOption report = new ReportOption();

  /** Where the judge comes from. */
  static final class Source {
    @Option(
        names = "--run-file",
        paramLabel = "FILE",
        description = "Run file that describes the judge.")
    private @Nullable Path runFile;

    @Option(
        names = "--model",
        paramLabel = "DIR",
        description = "Hugging Face model directory of the judge.")
    private @Nullable Path model;
  }

  @Override
  public Integer call() throws Exception {
    List<Attack> attacks = attacks();
    RunFile.Judge description = description();
    if (description instanceof RunFile.Judge.VerdictJudge) {
      throw new IllegalArgumentException(
          "judge '%s' reads the verdict that the policy itself wrote (expected: a judge that looks at answers)"
              .formatted(judge));
    }
    try (Judges judges = new Judges()) {
      Judge made = judges.make(description);
      ProbeReport probed = new Probe(made).run(judge, attacks);
      print(probed);
      report.write(probed);
      return ExitCode.OK;
    }
  }

  private List<Attack> attacks() {
    List<Attack> attacks =
        Attacks.all().stream()
            .filter(attack -> kind == null || attack.kind().equals(kind))
            .toList();
    if (attacks.isEmpty()) {
      throw new IllegalArgumentException(
          "--kind: '%s' (expected: one of %s)"
              .formatted(
                  kind,
                  String.join(", ", Attacks.all().stream().map(Attack::kind).distinct().toList())));
    }
    return attacks;
  }

  private RunFile.Judge description() throws IOException {
    Path runFile = source == null ? null : source.runFile;
    Path model = source == null ? null : source.model;
    if (runFile != null) {
      return named(RunFileReader.read(runFile.toString(), text(runFile)));
    }
    return model == null ? rule() : asked(model);
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "--run-file: '%s' (expected: a file that is there)".formatted(file), e);
    }
  }

  private RunFile.Judge named(RunFile run) {
    RunFile.Judge named = run.judges().get(judge);
    if (named == null) {
      throw new IllegalArgumentException(
          "--judge: '%s' (expected: one of %s, the judges of the run file)"
              .formatted(judge, String.join(", ", run.judges().keySet())));
    }
    return named;
  }

  private RunFile.Judge rule() {
    for (RunFile.Judge.AnswerJudge.Compare compare : RunFile.Judge.AnswerJudge.Compare.values()) {
      if (compare.name().equalsIgnoreCase(judge)) {
        return new RunFile.Judge.AnswerJudge(compare);
      }
    }
    throw new IllegalArgumentException(
        "--judge: '%s' (expected: number, text, math or choice; or a name with --run-file or --model)"
            .formatted(judge));
  }

  /** The run file's own words for a judge that asks this model with this prompt. */
  private RunFile.Judge asked(Path model) {
    JudgeMode mode = JudgePrompts.find(judge).mode();
    String type =
        switch (mode) {
          case POINTWISE -> "generative";
          case PAIRWISE -> "tournament";
          case LISTWISE -> "listwise";
        };
    String orders = mode == JudgeMode.POINTWISE ? "" : ", orders: given";
    String text =
        """
        run: probe
        judges: { probed: { type: %s, model: '%s', prompt: '%s', reference: true%s } }
        reward: { rule: correct, unparseable: 0.0 }
        batch: { kind: none }
        """
            .formatted(type, quoted(model.toString()), quoted(judge), orders);
    RunFile.Judge asked = RunFileReader.read("--model " + model, text).judges().get("probed");
    if (asked == null) {
      throw new IllegalStateException("the judge that was described is not there");
    }
    return asked;
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }

  private void print(ProbeReport probed) {
    PrintWriter out = output();
    out.printf("%-24s %-11s %6s  %s%n", "attack", "kind", "probes", "outcome");
    probed.byAttack().stream()
        .sorted(Comparator.comparingInt((AttackRow row) -> -row.fooled()))
        .forEach(
            row ->
                out.printf(
                    "%-24s %-11s %6d  %s%n", row.attack(), row.kind(), row.probes(), outcome(row)));
    if (!probed.casesLeftOut().isEmpty()) {
      out.printf(
          "left out, since the judge does not tell right from wrong there: %s%n",
          String.join(", ", probed.casesLeftOut()));
    }
    out.printf(
        "%s (%s): fooled in %d of %d probes (%.1f %%), %d attacks on %d cases%n",
        probed.judge(),
        probed.version(),
        probed.fooled(),
        probed.probes(),
        100 * probed.fooledShare(),
        probed.attacks(),
        probed.cases());
    if (probed.harmed() > 0) {
      out.printf("the right answer lost its verdict in %d probes%n", probed.harmed());
    }
    out.flush();
  }

  private static String outcome(AttackRow row) {
    StringBuilder outcome = new StringBuilder();
    append(outcome, row.fooled(), "FOOLED");
    append(outcome, row.raised(), "raised");
    append(outcome, row.held(), "held");
    append(outcome, row.unreadable(), "unreadable");
    append(outcome, row.abstained(), "abstained");
    append(outcome, row.failed(), "failed");
    append(outcome, row.harmed(), "right answer without a verdict");
    return outcome.toString();
  }

  private static void append(StringBuilder outcome, int count, String what) {
    if (count > 0) {
      outcome.append(outcome.isEmpty() ? "" : ", ").append(what).append(' ').append(count);
    }
  }
}
