package io.urteil.local.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.WeightPrecision;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.local.judging.BothOrders.Agreement;
import io.urteil.local.judging.BothOrders.OneOrder;
import io.urteil.prompt.ParsedVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BothOrdersTest {

  @TempDir Path model;

  @Test
  void shouldJudgeInBothOrdersWithTheSeedJudge() throws IOException {
    // Given
    SeedJudge.copyTo(model);

    // When
    BothOrders judged =
        BothOrders.judge(
            model, WeightPrecision.F32, JudgePrompt.of(model), "120+340", "460", "461", 0, 1);

    // Then
    assertThat(judged.given().prompt()).isEqualTo("120+340?A460B461");
    assertThat(judged.swapped().prompt()).isEqualTo("120+340?A461B460");
    assertThat(judged.given().text()).startsWith("<think>");
  }

  @Test
  void shouldTellConsistentFlippedAndUnreadable() {
    OneOrder first = order(8, 1);
    OneOrder second = order(1, 8);
    OneOrder tie = order(5, 5);
    OneOrder broken = new OneOrder("p", "t", new ParsedVerdict.Unparseable("no scores"));

    assertThat(new BothOrders(first, second).agreement()).isEqualTo(Agreement.CONSISTENT);
    assertThat(new BothOrders(second, first).agreement()).isEqualTo(Agreement.CONSISTENT);
    assertThat(new BothOrders(tie, tie).agreement()).isEqualTo(Agreement.CONSISTENT);
    assertThat(new BothOrders(first, first).agreement()).isEqualTo(Agreement.FLIPPED);
    assertThat(new BothOrders(first, tie).agreement()).isEqualTo(Agreement.FLIPPED);
    assertThat(new BothOrders(first, broken).agreement()).isEqualTo(Agreement.UNREADABLE);
  }

  @Test
  void shouldRefuseWhatTheTokenizerCannotExpress() throws IOException {
    SeedJudge.copyTo(model);

    assertThatThrownBy(
            () ->
                BothOrders.judge(
                    model, WeightPrecision.F32, JudgePrompt.of(model), "Why?", "x", "y", 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: symbols the model's tokenizer knows");
  }

  @Test
  void shouldNameWhatAModelDirectoryLacks() throws IOException {
    SeedJudge.copyTo(model);
    Files.delete(model.resolve("model.safetensors"));

    assertThatThrownBy(
            () ->
                BothOrders.judge(
                    model, WeightPrecision.F32, JudgePrompt.of(model), "1+1", "2", "3", 0, 1))
        .hasMessageContaining("model.safetensors");
  }

  @Test
  void shouldSayHowAJudgeIsAskedWhenItsDirectoryDoesNot() {
    assertThatThrownBy(() -> JudgePrompt.of(model))
        .hasMessageContaining("has no judge.json")
        .hasMessageContaining("--prompt and --format");
    assertThatThrownBy(() -> new JudgePrompt("{question} {a}", "think-answer-scores", 10))
        .hasMessageContaining("a text with {b}");
  }

  private static OneOrder order(int first, int second) {
    return new OneOrder("p", "t", ParsedVerdict.Pairwise.of(first, second));
  }
}
