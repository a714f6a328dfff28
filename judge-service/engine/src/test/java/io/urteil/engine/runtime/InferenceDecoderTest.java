package io.urteil.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.onnx.ReferenceInferenceDecoder;
import io.urteil.engine.onnx.TinyModel;
import io.urteil.model.DecoderConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InferenceDecoderTest {

  private static final double TOLERANCE = 1e-4;
  private static final EngineSettings SETTINGS = EngineSettings.of(5, 64);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  static Stream<Named<DecoderConfig>> shapes() {
    return Stream.of(
        Named.of("Qwen2: bias, tied head", TinyModel.QWEN2),
        Named.of("Qwen3: query and key norm, wide heads", TinyModel.QWEN3),
        Named.of("Llama: no bias, one key head, own head", TinyModel.LLAMA),
        Named.of("six heads on three", TinyModel.WIDE_GROUPS));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void shouldAgreeWithTheReferenceWhenAPromptIsReadAndContinuedInPlace(DecoderConfig config)
      throws IOException, OrtException {
    // Given
    ReferenceInferenceDecoder reference = write(config);
    int[] tokens = TinyModel.tokens(config, 40, 7);

    try (InferenceDecoder decoder = open()) {
      // When
      decoder.prefill(0, List.of(Arrays.copyOf(tokens, 25)));

      // Then
      assertRow(decoder, 0, reference.logits(Arrays.copyOf(tokens, 25)));
      for (int length = 26; length <= 40; length++) {
        decoder.put(0, tokens[length - 1], length - 1);
        decoder.decode(1, length);
        assertRow(decoder, 0, reference.logits(Arrays.copyOf(tokens, length)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void shouldAgreeWithTheReferenceWhenRowsOfDifferentLengthDecodeTogether(DecoderConfig config)
      throws IOException, OrtException {
    // Given
    ReferenceInferenceDecoder reference = write(config);
    int[][] tokens = sequences(config);
    int[] lengths = {7, 19, 3, 12, 1};

    try (InferenceDecoder decoder = open()) {
      // When
      decoder.prefill(0, prompts(tokens, lengths));

      // Then
      for (int row = 0; row < 5; row++) {
        assertRow(decoder, row, reference.logits(Arrays.copyOf(tokens[row], lengths[row])));
      }
      for (int step = 0; step < 10; step++) {
        decodeAndCheck(decoder, reference, tokens, lengths);
      }
    }
  }

  @Test
  void shouldAgreeWithTheReferenceWhenEveryPromptIsOneToken() throws IOException, OrtException {
    // Given
    ReferenceInferenceDecoder reference = write(TinyModel.QWEN3);
    int[][] tokens = sequences(TinyModel.QWEN3);
    int[] lengths = {1, 1, 1, 1, 1};

    try (InferenceDecoder decoder = open()) {
      // When
      decoder.prefill(0, prompts(tokens, lengths));

      // Then
      for (int row = 0; row < 5; row++) {
        assertRow(decoder, row, reference.logits(Arrays.copyOf(tokens[row], 1)));
      }
      decodeAndCheck(decoder, reference, tokens, lengths);
    }
  }

  @Test
  void shouldAgreeWithTheReferenceWhenASlotIsGivenToAnotherSequence()
      throws IOException, OrtException {
    // Given
    ReferenceInferenceDecoder reference = write(TinyModel.QWEN2);
    int[][] tokens = sequences(TinyModel.QWEN2);
    int[] lengths = {7, 19, 30, 12, 5};

    try (InferenceDecoder decoder = open()) {
      decoder.prefill(0, prompts(tokens, lengths));
      decodeAndCheck(decoder, reference, tokens, lengths);
      tokens[2] = TinyModel.tokens(TinyModel.QWEN2, 60, 99);
      lengths[2] = 4;

      // When
      decoder.prefill(2, List.of(Arrays.copyOf(tokens[2], 4)));

      // Then
      for (int step = 0; step < 5; step++) {
        decodeAndCheck(decoder, reference, tokens, lengths);
      }
    }
  }

  @Test
  void shouldAgreeWithTheReferenceWhenAPromptIsCopiedToOtherSlots()
      throws IOException, OrtException {
    // Given
    ReferenceInferenceDecoder reference = write(TinyModel.LLAMA);
    int[][] tokens = sequences(TinyModel.LLAMA);
    int[] lengths = {20, 20, 20, 20, 20};
    for (int[] sequence : tokens) {
      System.arraycopy(tokens[0], 0, sequence, 0, 20);
    }

    try (InferenceDecoder decoder = open()) {
      decoder.prefill(0, List.of(Arrays.copyOf(tokens[0], 20)));

      // When
      for (int slot = 1; slot < 5; slot++) {
        decoder.copy(0, slot, 20);
      }

      // Then
      for (int step = 0; step < 8; step++) {
        decodeAndCheck(decoder, reference, tokens, lengths);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void shouldAgreeWithTheReferenceWhenAPromptIsReadInPieces(DecoderConfig config)
      throws IOException, OrtException {
    // Given
    ReferenceInferenceDecoder reference = write(config);
    int[] tokens = TinyModel.tokens(config, 40, 3);

    try (InferenceDecoder decoder = open()) {
      int slot = decoder.stagingSlot();

      // When
      decoder.extend(slot, tokens, 0, 10);
      decoder.extend(slot, tokens, 10, 19);
      decoder.extend(slot, tokens, 19, 39);

      // Then
      assertRow(decoder, 0, reference.logits(Arrays.copyOf(tokens, 39)));
      decoder.extend(slot, tokens, 39, 40);
      assertRow(decoder, 0, reference.logits(tokens));
    }
  }

  private ReferenceInferenceDecoder write(DecoderConfig config) throws IOException {
    TinyModel.write(directory, config, 5);
    return new ReferenceInferenceDecoder(directory);
  }

  private InferenceDecoder open() throws IOException {
    return new DecoderLoader(OnnxRuntime.environment(), SETTINGS).open(directory);
  }

  private static int[][] sequences(DecoderConfig config) {
    int[][] tokens = new int[5][];
    Arrays.setAll(tokens, row -> TinyModel.tokens(config, 60, row));
    return tokens;
  }

  private static List<int[]> prompts(int[][] tokens, int[] lengths) {
    return java.util.stream.IntStream.range(0, tokens.length)
        .mapToObj(row -> Arrays.copyOf(tokens[row], lengths[row]))
        .toList();
  }

  private static void decodeAndCheck(
      InferenceDecoder decoder, ReferenceInferenceDecoder reference, int[][] tokens, int[] lengths)
      throws OrtException {
    int longest = 0;
    for (int row = 0; row < lengths.length; row++) {
      decoder.put(row, tokens[row][lengths[row]], lengths[row]);
      lengths[row]++;
      longest = Math.max(longest, lengths[row]);
    }
    decoder.decode(lengths.length, longest);
    for (int row = 0; row < lengths.length; row++) {
      assertRow(decoder, row, reference.logits(Arrays.copyOf(tokens[row], lengths[row])));
    }
  }

  private static void assertRow(InferenceDecoder decoder, int row, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double error = 0;
    for (int id = 0; id < expected.length; id++) {
      double logit = decoder.logits().rows().get(row * expected.length + id);
      error = Math.max(error, Math.abs(logit - expected[id]) / largest);
    }
    assertThat(error).as("largest error of row %d over largest logit", row).isLessThan(TOLERANCE);
  }
}
