package io.urteil.cli.judging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.worker.JudgeWorkerSettings;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.engine.WeightPrecision;
import io.urteil.evaluation.DirectQuestion;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.Finding;
import io.urteil.judges.JudgeRegistry;
import io.urteil.model.ModelDirectory;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgePrompts;
import io.urteil.prompt.JudgeQuestion;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.Preference;
import io.urteil.prompt.RenderedPrompt;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil judge}. */
@Command(
    name = "judge",
    description = {
      "Judges the answers to one question with the model in a directory, as a judge worker does.",
      "A pairwise judge prompt compares two answers in both orders; a pointwise one, and a reward"
          + " model, score each answer by itself."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil judge --model .urteil/demo/demo-001/seed-judge '439+496' 933 935",
      "  urteil judge --model DIR --prompt j1-verdict 'What is 2+2?' 4 5",
      "  urteil judge --model DIR --prompt self-judge --read probabilities 'What is 2+2?' 4 5",
      "  urteil judge --model DIR --prompt j1-pointwise 'What is 2+2?' 4"
    })
public final class JudgeCommand extends UrteilSubcommand {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face model directory of the judge, such as a checkpoint.")
  private Path model = Path.of("");

  @Parameters(index = "0", paramLabel = "QUESTION", description = "What was asked.")
  private String question = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "ANSWER",
      description = "The answers: two for a pairwise judge prompt.")
  private List<String> answers = List.of();

  @Option(
      names = "--prompt",
      paramLabel = "NAME",
      description =
          "Judge prompt, by name or file (default: judge-prompt.yaml in the model directory).")
  private @Nullable String prompt;

  @Option(
      names = "--reference",
      paramLabel = "TEXT",
      description = "A right answer that the judge is shown (default: none).")
  private @Nullable String reference;

  @Option(
      names = "--read",
      paramLabel = "WHAT",
      defaultValue = "text",
      description =
          "What the verdict is read from: text, probabilities or probabilities-in-text (default:"
              + " ${DEFAULT-VALUE}).")
  private String read = "text";

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most tokens of the judge's text (default: the judge prompt's).")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "0 takes the most likely token (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--weights",
      paramLabel = "PRECISION",
      defaultValue = "f32",
      description =
          "Numbers that the weights are kept as: f32 or int8 (default: ${DEFAULT-VALUE}).")
  private WeightPrecision weights = WeightPrecision.F32;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the sampling (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--show-prompt",
      description = "Print every turn that the judge reads, not only the prompt's name.")
  private boolean showsPrompt;

  @Mixin private ReportOption report = new ReportOption();

  /** How the two orders agree. */
  private enum Agreement {
    CONSISTENT("consistent: both orders name the same answer"),
    FLIPPED("flipped: the verdict went with the position, not with the answer"),
    UNREADABLE("undecided: at least one verdict could not be read");

    private final String text;

    Agreement(String text) {
      this.text = text;
    }
  }

  /** What {@code --report} writes; the names are documented in ops/docs/reports.md. */
  private record Figures(
      String judge,
      String verdict,
      @Nullable String swappedVerdict,
      List<Double> scores,
      List<Double> swappedScores,
      @Nullable String agreement) {}

  @Override
  public Integer call() throws Exception {
    EvaluatedJudge evaluated = EvaluatedJudge.ofModel(model, prompt, weights);
    ObjectNode section = (ObjectNode) evaluated.section();
    String asked = section.path("prompt").asText("");
    JudgePrompt judgePrompt = asked.isEmpty() ? null : JudgePrompts.find(asked);
    if (judgePrompt != null) {
      checkAnswers(judgePrompt);
      complete(section, judgePrompt);
    }
    DirectQuestion direct = new DirectQuestion(question, answers, reference);
    JudgeWorkerSettings settings = ProcessSettings.ofProcess().judge();
    try (JudgeRegistry judges = new JudgeRegistry(settings.models(), settings.runtime())) {
      var judge = judges.make(evaluated.description("--model " + model));
      checkSymbols();
      List<Finding> findings = direct.ask(judge);
      report.write(
          judgePrompt == null
              ? scored(judge.version(), findings)
              : voted(judge.version(), judgePrompt, DirectQuestion.votes(findings)));
    }
    return ExitCode.OK;
  }

  private void checkAnswers(JudgePrompt judgePrompt) {
    JudgeMode mode = judgePrompt.mode();
    boolean fits = mode == JudgeMode.POINTWISE || mode.takes(answers.size());
    if (!fits) {
      throw usage(
          "%d answers (expected: %s, since judge prompt '%s' is %s)"
              .formatted(
                  answers.size(),
                  mode == JudgeMode.PAIRWISE ? "two" : "at least two",
                  judgePrompt.name(),
                  mode.spelling()));
    }
  }

  private void complete(ObjectNode section, JudgePrompt judgePrompt) {
    if (judgePrompt.mode() != JudgeMode.POINTWISE) {
      section.put("orders", "both");
    }
    section.put("temperature", temperature).put("seed", seed).put("read", read);
    if (maxTokens != null) {
      section.put("maxTokens", maxTokens);
    }
    if (reference != null) {
      section.put("reference", true);
    }
  }

  /** A small tokenizer may not know every symbol, and would leave it out without a word. */
  private void checkSymbols() throws IOException {
    List<String> texts = new ArrayList<>(answers);
    texts.addFirst(question);
    if (reference != null) {
      texts.add(reference);
    }
    try (SymbolCheck check = SymbolCheck.open(ModelDirectory.open(model))) {
      texts.forEach(check::require);
    }
  }

  private Figures scored(String judge, List<Finding> findings) {
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      output().println(answers.get(i));
      switch (findings.get(i)) {
        case Finding.Scored scored -> {
          scores.addAll(scored.verdict().getScores());
          output().println("  score    " + number(scores.getLast()));
        }
        case Finding.Failed failed -> throw new IllegalArgumentException(failed.error());
        case Finding.Unparseable _, Finding.Abstained _ -> output().println("  no score");
      }
    }
    return new Figures(judge, "scores " + scores, null, scores, List.of(), null);
  }

  private Figures voted(String judge, JudgePrompt judgePrompt, List<Vote> votes) {
    for (Vote vote : votes) {
      if (vote.getStatus() == JudgementStatus.FAILED) {
        throw new IllegalArgumentException(String.valueOf(vote.getText()));
      }
      print(judgePrompt, vote);
    }
    if (judgePrompt.mode() == JudgeMode.POINTWISE) {
      List<Double> scores = votes.stream().flatMap(vote -> scores(vote).stream()).toList();
      return new Figures(
          judge, verdict(judgePrompt, votes.getFirst()), null, scores, List.of(), null);
    }
    Vote given = vote(votes, true);
    Vote swapped = vote(votes, false);
    Agreement agreement = null;
    if (judgePrompt.mode() == JudgeMode.PAIRWISE) {
      agreement = agreement(given, swapped);
      output().println(agreement.text);
    }
    return new Figures(
        judge,
        verdict(judgePrompt, given),
        verdict(judgePrompt, swapped),
        scores(given),
        scores(swapped),
        agreement == null ? null : agreement.name().toLowerCase(Locale.ROOT));
  }

  private static Vote vote(List<Vote> votes, boolean given) {
    return votes.stream()
        .filter(vote -> vote.getOrder().startsWith("0,") == given)
        .findFirst()
        .orElseThrow();
  }

  private static Agreement agreement(Vote given, Vote swapped) {
    Preference one = preference(given);
    Preference other = preference(swapped);
    if (one == null || other == null) {
      return Agreement.UNREADABLE;
    }
    return one == other.swapped() ? Agreement.CONSISTENT : Agreement.FLIPPED;
  }

  private static @Nullable Preference preference(Vote vote) {
    String spelling = vote.getVerdict() == null ? null : vote.getVerdict().getPreference();
    return Arrays.stream(Preference.values())
        .filter(preference -> preference.spelling().equals(spelling))
        .findFirst()
        .orElse(null);
  }

  private void print(JudgePrompt judgePrompt, Vote vote) {
    List<String> shown =
        Arrays.stream(vote.getOrder().split(",", -1))
            .map(place -> answers.get(Integer.parseInt(place)))
            .toList();
    PrintWriter out = output();
    out.println(title(judgePrompt.mode(), shown));
    printPrompt(judgePrompt, shown);
    if (vote.getText() != null) {
      out.println("  judge    " + vote.getText());
    }
    out.println("  scores   " + scores(vote).stream().map(JudgeCommand::number).toList());
    Verdict verdict = vote.getVerdict();
    if (verdict != null && !verdict.getProbabilities().isEmpty()) {
      out.println("  choices  " + verdict.getProbabilities());
    }
    out.println("  verdict  " + verdict(judgePrompt, vote));
  }

  private String title(JudgeMode mode, List<String> shown) {
    if (mode != JudgeMode.PAIRWISE) {
      return String.join(", ", shown);
    }
    boolean swapped = !shown.equals(answers);
    return "A = " + shown.get(0) + ", B = " + shown.get(1) + (swapped ? " (swapped)" : "");
  }

  private void printPrompt(JudgePrompt judgePrompt, List<String> shown) {
    RenderedPrompt rendered =
        judgePrompt.render(
            new JudgeQuestion(
                question, shown, judgePrompt.usesReference() ? reference : null, null));
    PrintWriter out = output();
    if (rendered.isRaw()) {
      out.println("  prompt   " + rendered.messages().getFirst().text() + rendered.prefix());
    } else if (showsPrompt) {
      rendered.messages().forEach(turn -> out.println("  " + turn.role() + ": " + turn.text()));
      out.println("  assistant: " + rendered.prefix());
    } else {
      out.println("  prompt   " + judgePrompt);
    }
  }

  private static List<Double> scores(Vote vote) {
    return vote.getVerdict() == null ? List.of() : vote.getVerdict().getScores();
  }

  private static String verdict(JudgePrompt judgePrompt, Vote vote) {
    Verdict verdict = vote.getVerdict();
    if (verdict == null) {
      String text = vote.getText();
      int shown = vote.getOrder().split(",", -1).length;
      return text != null
              && judgePrompt.parse(text, shown) instanceof ParsedVerdict.Unparseable unparseable
          ? "unparseable: " + unparseable.reason()
          : vote.getStatus().name().toLowerCase(Locale.ROOT);
    }
    String preference = verdict.getPreference();
    String label = verdict.getLabel();
    return preference != null
        ? preference
        : label != null ? label : "scores " + verdict.getScores();
  }

  private static String number(double score) {
    return score == Math.rint(score) ? Long.toString(Math.round(score)) : Double.toString(score);
  }
}
