package io.urteil.local.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.local.arithmetic.Demonstrations.Demonstration;
import io.urteil.model.DecoderConfig;
import io.urteil.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedModelFilesTest {

  private static final int MAX_NEW_TOKENS = 58;

  private final Path directory;
  private final Tokenizer tokenizer;

  SeedModelFilesTest(@TempDir Path directory) throws Exception {
    this.directory = directory;
    SeedModelFiles.copyTo(directory);
    this.tokenizer = Tokenizer.open(directory.resolve(Tokenizer.FILE_NAME));
  }

  @AfterEach
  void closeTokenizer() {
    tokenizer.close();
  }

  @Test
  void shouldGiveEverySymbolItsOwnId() {
    // Given
    List<String> symbols =
        new ArrayList<>(List.of("<pad>", "<eos>", "<think>", "</think>", "<answer>", "</answer>"));
    "0123456789+-=,;:?AByn~ |".chars().forEach(symbol -> symbols.add(Character.toString(symbol)));

    // When // Then
    for (int id = 0; id < symbols.size(); id++) {
      assertThat(tokenizer.encode(symbols.get(id))).containsExactly(id);
    }
  }

  @Test
  void shouldEncodeAPromptAndAResponseAsTheSeedJudgeLearnedThem() {
    // When
    int[] prompt = tokenizer.encode("439+496?A933B935");
    int[] response = tokenizer.encode("<think>9+6=15A3nB5y;B</think><answer>1,9</answer><eos>");

    // Then
    assertThat(prompt).containsExactly(10, 9, 15, 16, 10, 15, 12, 22, 23, 15, 9, 9, 24, 15, 9, 11);
    assertThat(response)
        .containsExactly(
            2, 15, 16, 12, 18, 7, 11, 23, 9, 26, 24, 11, 25, 20, 24, 3, 4, 7, 19, 15, 5, 1);
  }

  @Test
  void shouldDecodeEveryDemonstrationToItself() {
    // Given
    Demonstrations demonstrations = new Demonstrations(DemonstrationFaults.IMPERFECT, 1);

    for (int i = 0; i < 2_000; i++) {
      Demonstration demonstration = demonstrations.next();
      // When
      int[] prompt = tokenizer.encode(demonstration.prompt());
      int[] response = tokenizer.encode(demonstration.response());

      // Then
      assertThat(prompt).hasSize(16);
      assertThat(response).hasSizeLessThan(MAX_NEW_TOKENS);
      assertThat(tokenizer.decode(prompt)).isEqualTo(demonstration.prompt());
      assertThat(tokenizer.decode(response)).isEqualTo(demonstration.response());
    }
  }

  @Test
  void shouldKeepTagsAndLeaveOutWhatEndsAndPadsWhenDecoding() {
    // When
    String text = tokenizer.decode(IntStream.range(0, 12).toArray());

    // Then
    assertThat(text).isEqualTo("<think></think><answer></answer>012345");
  }

  @Test
  void shouldShowASymbolThatIsNotInTheVocabulary() {
    // When // Then
    assertThat(tokenizer.encode("1*2")).containsExactly(7, 30, 8);
  }

  @Test
  void shouldDescribeAModelOfTheTokenizersSize() throws Exception {
    // When
    DecoderConfig config = DecoderConfig.read(directory);

    // Then
    assertThat(config.vocabularySize()).isEqualTo(32);
    assertThat(config.endOfSequenceIds()).containsExactly(1);
    assertThat(parameters(config)).isEqualTo(141_120);
  }

  private static long parameters(DecoderConfig config) {
    return config.tensorShapes().values().stream()
        .mapToLong(shape -> LongStream.of(shape).reduce(1, (a, b) -> a * b))
        .sum();
  }
}
