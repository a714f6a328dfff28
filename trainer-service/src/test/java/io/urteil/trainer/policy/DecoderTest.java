package io.urteil.trainer.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.model.DecoderConfig;
import io.urteil.trainer.objective.TrainingSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {

  static Stream<DecoderConfig> configs() {
    return Stream.of(RandomDecoders.qwen2(), RandomDecoders.qwen3());
  }

  @BeforeAll
  static void oneThread() {
    NativeThreads.limit(1);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void shouldAgreeWithAPlainDecoderWhateverStandsBesideARow(DecoderConfig config) {
    // Given
    Random random = new Random(7);
    List<TrainingSequence> rows = new ArrayList<>();
    for (int length : new int[] {3, 29, 11, 2, 17}) {
      rows.add(RandomDecoders.row(random, 1 + random.nextInt(length - 1), length, 1));
    }
    try (Decoder decoder =
        new Decoder(RandomDecoders.scattered(Parameters.random(config, 5, ScalarType.Double), 5))) {
      ReferenceDecoder reference = new ReferenceDecoder(decoder.parameters());

      // When
      MicroBatch together = MicroBatch.of(rows, List.of(0, 1, 2, 3, 4));
      double[] logprobs = logprobs(decoder, together, 0.7);

      // Then
      for (int i = 0; i < rows.size(); i++) {
        double[] all = reference.logprobs(rows.get(i).tokens(), 0.7);
        double[] expected =
            Arrays.stream(rows.get(i).trainedPositions()).mapToDouble(t -> all[t - 1]).toArray();
        assertThat(together.ofRow(logprobs, i)).containsExactly(expected, within(1e-9));
        assertThat(logprobs(decoder, MicroBatch.of(rows, List.of(i)), 0.7))
            .containsExactly(expected, within(1e-9));
      }
    }
  }

  @Test
  void shouldReadPositionsBeyondTheFirstTable() {
    // Given
    DecoderConfig config =
        new DecoderConfig(
            "llama",
            new DecoderConfig.Dimensions(8, 12, 1, 2, 1, 4, 11, 400),
            1e-5,
            10_000,
            true,
            List.of());
    TrainingSequence row = RandomDecoders.row(new Random(1), 290, 300, 1);
    try (Decoder decoder =
        new Decoder(RandomDecoders.scattered(Parameters.random(config, 5, ScalarType.Double), 5))) {

      // When
      double[] logprobs = logprobs(decoder, MicroBatch.of(List.of(row), List.of(0)), 1);

      // Then
      double[] all = new ReferenceDecoder(decoder.parameters()).logprobs(row.tokens(), 1);
      assertThat(logprobs).containsExactly(Arrays.copyOfRange(all, 289, 299), within(1e-9));
    }
  }

  @Test
  void shouldRefuseARowLongerThanTheModelsPositions() {
    // Given
    TrainingSequence row = RandomDecoders.row(new Random(1), 1, 65, 1);
    try (Decoder decoder =
        new Decoder(Parameters.random(RandomDecoders.qwen2(), 1, ScalarType.Float))) {

      // When // Then
      assertThatThrownBy(() -> logprobs(decoder, MicroBatch.of(List.of(row), List.of(0)), 1))
          .hasMessage(
              "sequence of 65 tokens (expected: at most 64, the model's max_position_embeddings)");
    }
  }

  @Test
  void shouldBoundPaddedTokensAndKeepEveryRowOnce() {
    // Given
    Random random = new Random(2);
    List<TrainingSequence> batch =
        IntStream.range(0, 40)
            .mapToObj(i -> RandomDecoders.row(random, 1, 2 + random.nextInt(30), 1))
            .toList();
    List<Integer> rows = IntStream.range(0, 40).boxed().toList();

    // When
    List<MicroBatch> microBatches = MicroBatch.bucket(batch, rows, 100);

    // Then
    assertThat(microBatches)
        .allSatisfy(part -> assertThat(part.rows().length * part.width()).isLessThanOrEqualTo(100));
    assertThat(microBatches.stream().flatMapToInt(part -> Arrays.stream(part.rows())))
        .containsExactlyInAnyOrderElementsOf(rows);
  }

  private static double[] logprobs(Decoder decoder, MicroBatch batch, double temperature) {
    try (PointerScope scope = new PointerScope()) {
      return Tensors.doubles(decoder.logprobs(batch, temperature));
    }
  }
}
