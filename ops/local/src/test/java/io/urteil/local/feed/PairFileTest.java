package io.urteil.local.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.Message;
import io.urteil.event.PromptArm;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.RunFile.Data.PairReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    assertThat(question(arms.get(0))).contains("[Reference Answer]\n4");
    assertThat(arms.get(0).getMessages())
        .extracting(Message::getRole)
        .containsExactly("system", "user");
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
  void shouldSayWhatALineLacks() throws IOException {
    Files.writeString(file, "{\"question\": \"q\", \"answers\": [\"a\", \"b\"]}\n");

    assertThatThrownBy(
            () -> pairs("j1-verdict", PairReference.PREFERENCE, List.of("AB")).read(file))
        .hasMessageEndingWith(
            "pairs.jsonl, line 1: no gold value (expected: 'preferred', 'scores' or 'strength')");
    assertThatThrownBy(() -> pairs("j1-verdict", PairReference.PREFERENCE, List.of("only")))
        .hasMessage(
            "group.arms: [only] (expected: of [AB, BA], since data.judgePrompt is pairwise)");
  }

  private List<PromptArm> read(String prompt, PairReference reference, String... arms)
      throws IOException {
    Files.writeString(file, PAIR);
    return pairs(prompt, reference, List.of(arms)).read(file).getFirst();
  }

  private static PairFile pairs(String prompt, PairReference reference, List<String> arms) {
    return new PairFile(JudgePrompts.named(prompt), reference, arms);
  }

  private static String question(PromptArm arm) {
    return arm.getMessages().get(1).getContent();
  }
}
