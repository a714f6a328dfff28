package io.urteil.local.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.PromptArm;
import io.urteil.pair.AnswerPair;
import io.urteil.pair.PairReader;
import io.urteil.prompt.Preference;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.sampler.feed.PromptFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Gsm8kPairsTest {

  private final Gsm8kPairs records = Gsm8kPairs.read();

  @Test
  void shouldPairEachRightWithEachWrongSolutionOnce(@TempDir Path directory) throws IOException {
    // Given
    Path file = directory.resolve("new/pairs.jsonl");

    // When
    Gsm8kPairs.Pairs pairs = records.all();
    pairs.write(file);

    // Then
    List<AnswerPair> read = PairReader.read("--data", file);
    assertThat(pairs.problems()).isEqualTo(731);
    assertThat(read).hasSize(2_426);
    assertThat(read.stream().filter(pair -> pair.better() == Preference.A)).hasSize(1_213);
    assertThat(read.stream().map(pair -> Set.copyOf(pair.answers())).collect(Collectors.toSet()))
        .hasSize(2_426);
    assertThat(read)
        .allSatisfy(
            pair -> {
              boolean first = pair.preferred() == Preference.A;
              assertThat(pair.scores()).isEqualTo(first ? List.of("10", "1") : List.of("1", "10"));
              assertThat(pair.strength()).isEqualTo(first ? -3 : 3);
              assertThat(pair.reference()).contains("A: ");
            });
  }

  @Test
  void shouldShareNoQuestionBetweenTrainingAndHeldOutPairs() {
    // When
    Gsm8kPairs.Pairs training = records.training();
    Gsm8kPairs.Pairs heldOut = records.heldOut();

    // Then
    assertThat(training.problems() + heldOut.problems()).isEqualTo(731);
    assertThat(training.lines().size() + heldOut.lines().size()).isEqualTo(2_426);
    assertThat(heldOut.problems()).isEqualTo(146);
    Set<String> questions = questions(training);
    questions.retainAll(questions(heldOut));
    assertThat(questions).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "j1-verdict, A",
    "judgelrm, '10,1'",
    "think-j, -3",
    "j1-pointwise, chosen",
  })
  void shouldBeReadByTheRunFilesThatTrainJudges(String name, String gold, @TempDir Path directory)
      throws IOException {
    // Given
    Path file = directory.resolve("pairs.jsonl");
    records.heldOut().write(file);
    String text = Files.readString(Path.of("../runs/" + name + ".yaml"));
    RunFile run = RunFileReader.read(name, text);

    // When
    PromptFile prompts = PromptFile.read(run, file);

    // Then
    PromptArm first = prompts.lines().getFirst().getFirst();
    assertThat(prompts.lines()).hasSameSizeAs(records.heldOut().lines());
    assertThat(first.getReference()).isEqualTo(gold);
  }

  private static Set<String> questions(Gsm8kPairs.Pairs pairs) {
    return pairs.lines().stream()
        .map(line -> PairReader.read("pair", line).question())
        .collect(Collectors.toCollection(HashSet::new));
  }
}
