package io.urteil.local.runfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.file.FileRoots;
import io.urteil.file.HubCache;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.testing.RandomModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileCheckTest {

  private final Path directory;
  private final FileRoots files;

  RunFileCheckTest(@TempDir Path directory) {
    this.directory = directory;
    this.files = FileRoots.any().with(new HubCache(directory.resolve("hub")));
  }

  @Test
  void shouldReportEverythingThatCannotBeOpenedTogether() throws IOException {
    // Given
    Path damaged = Files.createDirectories(directory.resolve("damaged"));
    RunFile run =
        run(directory.resolve("none"), damaged, "no-prompt", "no-format", "no-grammar", "mine.txt");

    // When
    var problems = RunFileCheck.problems(run, files);

    // Then
    assertThat(problems)
        .satisfiesExactly(
            model ->
                assertThat(model).startsWith("policy.model: ").contains("none is no directory"),
            prompt -> assertThat(prompt).startsWith("data.judgePrompt: judge prompt: 'no-prompt'"),
            grammar -> assertThat(grammar).startsWith("sampling.grammar: grammar: 'no-grammar'"),
            format ->
                assertThat(format).startsWith("judges.verdict.format: ").contains("no-format"),
            config -> assertThat(config).startsWith("judges.score.model: config.json"),
            weights -> assertThat(weights).startsWith("judges.score.model: weights: missing"));
  }

  @Test
  void shouldNameTheInvalidLineOfAPairFileAndAMissingHeldOutFile() throws IOException {
    // Given
    Path model = RandomModel.writeChat(directory.resolve("model"));
    Path scalar = RandomModel.writeScalar(directory.resolve("scalar"));
    Path pairs = directory.resolve("pairs.jsonl");
    Files.writeString(pairs, "{\"question\": \"1+1?\", \"a\": \"2\", \"b\": \"3\"}\n");
    RunFile run = run(model, scalar, "j1-verdict", "j1-verdict", "j1-verdict", pairs.toString());

    // When
    var problems = RunFileCheck.problems(run, files);

    // Then
    assertThat(problems)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("data.prompts: ")
                    .contains("line 1: better: missing (expected: A, B or tie)"),
            heldOut -> assertThat(heldOut).startsWith("evaluate.prompts: ").contains("held-out"));
  }

  @Test
  void shouldAcceptEitherSpellingOfAPairAndRejectAModelOfTheOtherKind() throws IOException {
    // Given
    Path model = RandomModel.writeChat(directory.resolve("model"));
    Path pairs = directory.resolve("pairs.jsonl");
    Files.writeString(
        pairs,
        """
        {"question": "1+1?", "a": "2", "b": "3", "better": "A"}
        {"question": "1+1?", "answers": ["2", "3"], "preferred": "A"}
        """);
    Files.copy(pairs, directory.resolve("held-out.jsonl"));
    RunFile run = run(model, model, "j1-verdict", "j1-verdict", "j1-verdict", pairs.toString());

    // When
    var problems = RunFileCheck.problems(run, files);

    // Then
    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("judges.score.model: ")
        .endsWith("is a language model (expected: a reward model with a scalar head)");
  }

  private RunFile run(
      Path policy, Path scalar, String prompt, String format, String grammar, String pairs) {
    return RunFileReader.read(
        "run",
        """
        run: checked
        policy: { model: %s }
        data: { prompts: %s, judgePrompt: %s }
        group: { arms: [AB], samplesPerArm: 2 }
        sampling: { grammar: %s }
        judges:
          verdict: { type: verdict, format: %s }
          score: { type: scalar, model: %s }
        reward: { rule: correct, judge: verdict, unparseable: 0.0 }
        batch: { kind: grpo, groups: 2 }
        train: { objective: grpo, steps: 2, learningRate: 1.0e-3 }
        evaluate: { every: 1, prompts: %s, size: 2 }
        """
            .formatted(
                policy,
                pairs,
                prompt,
                grammar,
                format,
                scalar,
                directory.resolve("held-out.jsonl")));
  }
}
