package io.urteil.local.runfile;

import io.urteil.engine.grammar.VerdictGrammars;
import io.urteil.file.FileRoots;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.prompt.JudgePrompts;
import io.urteil.prompt.VerdictFormat;
import io.urteil.run.DataSection;
import io.urteil.run.EvaluateSection;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileException;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.sampler.feed.PromptFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Opens everything that a run file names, as its components will: models with their tokenizers and
 * chat templates, files of prompts, judge prompts, verdict formats and the grammar. Reports all
 * problems together. Servers are not contacted: those of judges are known only to judge workers.
 */
public final class RunFileCheck {

  private final RunFile run;
  private final FileRoots files;
  private final List<String> problems = new ArrayList<>();

  /** What a model is opened for, by the key that names it first; each model is opened once. */
  private final Map<Path, String> opened = new LinkedHashMap<>();

  private RunFileCheck(RunFile run, FileRoots files) {
    this.run = run;
    this.files = files;
  }

  /** The problems, as {@code path: value (expected: …)}. */
  public static List<String> problems(RunFile run, FileRoots files) {
    RunFileCheck check = new RunFileCheck(run, files);
    check.all();
    return List.copyOf(check.problems);
  }

  /**
   * Requires that what the judges name can be opened, for commands that do not train.
   *
   * @param name of the run file, for the message
   * @throws RunFileException naming every problem
   */
  public static void requireJudges(String name, RunFile run, FileRoots files) {
    RunFileCheck check = new RunFileCheck(run, files);
    check.judges();
    check.requireNone(name);
  }

  /**
   * Requires that there are none.
   *
   * @param name of the run file, for the message
   * @throws RunFileException naming every problem
   */
  public static void require(String name, RunFile run, FileRoots files) {
    RunFileCheck check = new RunFileCheck(run, files);
    check.all();
    check.requireNone(name);
  }

  private void all() {
    policy();
    data();
    grammar();
    judges();
    evaluate();
  }

  private void requireNone(String name) {
    if (!problems.isEmpty()) {
      throw new RunFileException(name, problems);
    }
  }

  private void judges() {
    run.judges().forEach(this::judge);
    run.shadows().forEach((name, shadow) -> judge(name, shadow.judge()));
  }

  private void policy() {
    PolicySection policy = run.policy();
    if (policy != null) {
      model("policy.model", policy.model(), false);
    }
  }

  private void data() {
    DataSection data = run.data();
    if (data == null) {
      return;
    }
    if (arePromptsKnown(data)) {
      prompts("data.prompts", data.prompts());
    }
  }

  private boolean arePromptsKnown(DataSection data) {
    SequencedMap<String, String> named = new LinkedHashMap<>();
    if (data.judgePrompt() != null) {
      named.put("data.judgePrompt", data.judgePrompt());
    }
    data.judgePrompts().forEach((arm, prompt) -> named.put("data.judgePrompts." + arm, prompt));
    int before = problems.size();
    named.forEach((key, prompt) -> attempt(key, () -> JudgePrompts.find(prompt)));
    return problems.size() == before;
  }

  private void prompts(String key, Path file) {
    attempt(key, () -> PromptFile.read(run, file));
  }

  private void grammar() {
    String grammar = run.sampling().grammar();
    if (!grammar.isEmpty()) {
      attempt("sampling.grammar", () -> VerdictGrammars.check(grammar));
    }
  }

  private void judge(String name, JudgeSection judge) {
    String key = "judges." + name;
    switch (judge) {
      case RuleJudge.Verdict(String format, Map<String, String> formats) -> {
        attempt(key + ".format", () -> VerdictFormat.named(format));
        formats.forEach(
            (arm, other) -> attempt(key + ".formats." + arm, () -> VerdictFormat.named(other)));
      }
      case ModelJudge.Generative alone -> panel(key, alone.panel());
      case ModelJudge.Tournament pairs -> panel(key, pairs.panel());
      case ModelJudge.Listwise list -> panel(key, list.panel());
      case ModelJudge.Scalar scalar -> model(key + ".model", scalar.model(), true);
      default -> {
        // The others name no file; plug-ins are checked by RunFile.requirePlugins.
      }
    }
  }

  private void panel(String key, JudgePanel panel) {
    panel
        .members()
        .forEach(
            (name, member) -> {
              String place = panel.members().size() == 1 ? key : key + ".panel." + name;
              attempt(place + ".prompt", () -> JudgePrompts.find(member.prompt()));
              if (member.model() instanceof JudgePanel.Model.Local local) {
                model(place + ".model", local.directory(), false);
              }
            });
  }

  private void evaluate() {
    EvaluateSection evaluate = run.evaluate();
    DataSection data = run.data();
    if (evaluate != null && data != null && problems.stream().noneMatch(RunFileCheck::isPrompt)) {
      prompts("evaluate.prompts", evaluate.prompts());
    }
  }

  private static boolean isPrompt(String problem) {
    return problem.startsWith("data.judgePrompt");
  }

  private void model(String key, Path named, boolean scalar) {
    attempt(
        key,
        () -> {
          Path directory = files.requireModel("model", named);
          if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(
                "%s is no directory (expected: a Hugging Face model directory)".formatted(named));
          }
          if (opened.putIfAbsent(directory, key) == null) {
            ModelDirectory.open(directory);
            PromptEncoder.open(directory.resolve("tokenizer.json")).close();
            ChatTemplate.read(directory);
          }
          if (DecoderConfig.read(directory).isScalar() != scalar) {
            throw new IllegalArgumentException(
                "%s is a %s (expected: a %s)"
                    .formatted(
                        named,
                        scalar ? "language model" : "reward model with a scalar head",
                        scalar ? "reward model with a scalar head" : "language model"));
          }
        });
  }

  private void attempt(String key, Opening opening) {
    try {
      opening.open();
    } catch (UnusableModelException e) {
      e.problems().forEach(problem -> problems.add(key + ": " + problem));
    } catch (IOException | RuntimeException e) {
      problems.add(key + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    }
  }

  private interface Opening {
    void open() throws IOException;
  }
}
