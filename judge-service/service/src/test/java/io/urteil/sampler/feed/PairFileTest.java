package io.urteil.sampler.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.Message;
import io.urteil.event.PromptArm;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.DataSection.PairReference;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairFileTest {

  private static final String PAIR =
      """
      {"question": "2+2?", "answers": ["four", "five"], "scores": [9, 2], "strength": -3, "reference": "4"}
      """;

  private final Path file;

  PairFileTest(@TempDir Path directory) {
    this.file = directory.resolve("pairs.jsonl");
  }

  @Test
  void shouldAskInBothOrdersWithTheGoldSideTurned() throws IOException {
    // When
    List<PromptArm> arms = read("j1-verdict", PairReference.PREFERENCE, "AB", "BA");

    // Then
    assertThat(arms).extracting(PromptArm::getName).containsExactly("AB", "BA");
    assertThat(arms).extracting(PromptArm::getReference).containsExactly("A", "B");
    assertThat(question(arms.get(0)).indexOf("four"))
        .isLessThan(question(arms.get(0)).indexOf("five"));
    assertThat(question(arms.get(1)).indexOf("five"))
        .isLessThan(question(arms.get(1)).indexOf("four"));
    assertThat(question(arms.get(0))).doesNotContain("[Reference Answer]");
    assertThat(arms.get(0).getMessages())
        .extracting(Message::getRole)
        .containsExactly("system", "user");
  }

  @Test
  void shouldShowTheReferenceWhenTheRunFileSaysSo() throws IOException {
    // Given
    Files.writeString(file, PAIR);

    // When
    List<PromptArm> arms =
        pairs("j1-verdict", PairReference.PREFERENCE, true, List.of("AB")).read(file).getFirst();

    // Then
    assertThat(question(arms.get(0))).contains("[Reference Answer]\n4");
    assertThatThrownBy(() -> pairs("self-judge", PairReference.PREFERENCE, true, List.of("AB")))
        .hasMessage(
            "data.showReference: true (expected: a judge prompt with a reference placeholder;"
                + " self-judge has none)");
  }

  @Test
  void shouldTurnScoresAndStrengthWithTheOrder() throws IOException {
    assertThat(read("judgelrm-pairwise", PairReference.SCORES, "AB", "BA"))
        .extracting(PromptArm::getReference)
        .containsExactly("9,2", "2,9");
    assertThat(read("thinkj-strength", PairReference.STRENGTH, "AB", "BA"))
        .extracting(PromptArm::getReference)
        .containsExactly("-3", "3");
  }

  @Test
  void shouldShowTheBetterAnswerFirstWhenThePromptIsPointwise() throws IOException {
    // When
    List<PromptArm> arms = read("j1-pointwise", PairReference.PREFERENCE, "chosen", "rejected");

    // Then
    assertThat(question(arms.get(0))).contains("four").doesNotContain("five");
    assertThat(question(arms.get(1))).contains("five").doesNotContain("four");
  }

  @Test
  void shouldAskEachArmWithItsOwnPromptWhenARunTrainsTwoTasks() throws IOException {
    // Given
    Files.writeString(file, PAIR);
    RunFile run =
        RunFileReader.read(
            "multitask",
            """
            run: multitask
            data:
              prompts: %s
              judgePrompt: j1-scores
              judgePrompts: { chosen: j1-pointwise, rejected: j1-pointwise }
            group: { arms: [AB, chosen, rejected] }
            judges: { outcome: { type: answer } }
            reward: { rule: correct, unparseable: 0 }
            batch: { kind: none }
            """
                .formatted(file));

    // When
    List<PromptArm> arms = PromptFile.read(run, file).lines().getFirst();

    // Then
    assertThat(arms).extracting(PromptArm::getName).containsExactly("AB", "chosen", "rejected");
    assertThat(arms).extracting(PromptArm::getReference).containsExactly("A", "chosen", "rejected");
    assertThat(question(arms.get(0))).contains("four").contains("five");
    assertThat(question(arms.get(1))).contains("four").doesNotContain("five");
    assertThat(question(arms.get(2))).contains("five").doesNotContain("four");
  }

  @Test
  void shouldSayWhatALineLacks() throws IOException {
    Files.writeString(file, "{\"question\": \"q\", \"answers\": [\"a\", \"b\"]}\n");

    assertThatThrownBy(
            () -> pairs("j1-verdict", PairReference.PREFERENCE, List.of("AB")).read(file))
        .hasMessageEndingWith(
            "pairs.jsonl, line 1: no gold value (expected: 'preferred', 'scores' or 'strength')");
    assertThatThrownBy(() -> pairs("j1-verdict", PairReference.PREFERENCE, List.of("only")))
        .hasMessage(
            "group.arms: only (expected: one of [AB, BA], because its judge prompt 'j1-verdict' is"
                + " pairwise)");
  }

  private List<PromptArm> read(String prompt, PairReference reference, String... arms)
      throws IOException {
    Files.writeString(file, PAIR);
    return pairs(prompt, reference, List.of(arms)).read(file).getFirst();
  }

  private static PairFile pairs(String prompt, PairReference reference, List<String> arms) {
    return pairs(prompt, reference, false, arms);
  }

  private static PairFile pairs(
      String prompt, PairReference reference, boolean showsReference, List<String> arms) {
    SequencedMap<String, JudgePrompt> prompts = new LinkedHashMap<>();
    arms.forEach(arm -> prompts.put(arm, JudgePrompts.named(prompt)));
    return new PairFile(prompts, reference, showsReference);
  }

  private static String question(PromptArm arm) {
    return arm.getMessages().get(1).getContent();
  }
}
