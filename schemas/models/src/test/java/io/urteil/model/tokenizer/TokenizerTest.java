package io.urteil.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.model.file.FileHash;
import io.urteil.model.file.StrictJson;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

  /** Single characters and two merges, byte-level, with special and plain added tokens. */
  private static final String JSON =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       "added_tokens": [
        {"id": 0, "content": "<pad>", "special": true, "single_word": false, "lstrip": false,
         "rstrip": false, "normalized": false},
        {"id": 1, "content": "<eos>", "special": true, "single_word": false, "lstrip": false,
         "rstrip": false, "normalized": false},
        {"id": 2, "content": "<think>", "special": false, "single_word": false, "lstrip": false,
         "rstrip": false, "normalized": false}],
       "normalizer": null,
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
        "use_regex": true},
       "post_processor": null,
       "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
        "use_regex": true},
       "model": {"type": "BPE", "dropout": null, "unk_token": null,
        "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false,
        "byte_fallback": false,
        "vocab": {"<pad>": 0, "<eos>": 1, "<think>": 2, "a": 3, "b": 4, "c": 5, "\u0120": 6, "ab": 7, "abc": 8, "1": 9, "\u00c3": 10,
         "\u00a9": 11},
        "merges": ["a b", "ab c"]}}
      """;

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @Test
  void shouldOptOutOfTheLibrarysReports() throws Exception {
    // When
    try (Tokenizer tokenizer = open()) {
      tokenizer.encode("a");
    }

    // Then
    assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
  }

  @Test
  void shouldEncodeAndDecode() throws IOException {
    try (Tokenizer tokenizer = open()) {
      // When
      int[] ids = tokenizer.encode("<think>abc ab\u00e9c<eos>");

      // Then
      assertThat(ids).containsExactly(2, 8, 6, 7, 10, 11, 5, 1);
      assertThat(tokenizer.decode(ids)).isEqualTo("<think>abc ab\u00e9c");
      assertThat(tokenizer.encode("")).isEmpty();
      assertThat(tokenizer.decode(new int[0])).isEmpty();
    }
  }

  @Test
  void shouldTellWhatEachTokenWritesInBytes() throws IOException {
    try (Tokenizer tokenizer = open()) {
      // When
      TokenTexts texts = tokenizer.texts();

      // Then: half of an e with an accent is one byte, and special tokens write nothing
      assertThat(texts.size()).isEqualTo(12);
      assertThat(texts.length(10)).isEqualTo(1);
      assertThat(texts.at(10, 0)).isEqualTo(0xc3);
      assertThat(texts.isSpecial(1)).isTrue();
      assertThat(texts.length(1)).isZero();
      assertThat(texts.length(500)).isZero();
      int[] ids = tokenizer.encode("<think>abc ab\u00e9c<eos>");
      assertThat(texts.decode(ids)).isEqualTo(tokenizer.decode(ids));
    }
  }

  @Test
  void shouldReadSentencePiecesWithByteFallback() throws IOException {
    // Given
    String json =
        """
        {"decoder": {"type": "Sequence", "decoders": [
           {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
           {"type": "ByteFallback"}, {"type": "Fuse"}]},
         "added_tokens": [{"id": 0, "content": "<s>", "special": true}]}
        """;

    // When
    TokenTexts texts =
        TokenTexts.read(
            StrictJson.MAPPER.readTree(json),
            Map.of("<s>", 0, "\u2581the", 1, "<0xE2>", 2, "a", 4));

    // Then
    assertThat(texts.size()).isEqualTo(5);
    assertThat(texts.decode(new int[] {0, 1, 4, 3})).isEqualTo(" thea");
    assertThat(texts.at(2, 0)).isEqualTo(0xe2);
  }

  @Test
  void shouldRefuseAVocabularyCodedInAnotherWay() throws IOException {
    var root = StrictJson.MAPPER.readTree("{\"decoder\": {\"type\": \"WordPiece\"}}");

    assertThatThrownBy(() -> TokenTexts.read(root, Map.of()))
        .hasMessage(
            "decoder.type: 'WordPiece' (expected: ByteLevel, ByteFallback, Metaspace or Fuse)");
  }

  @Test
  void shouldCutNothingOff() throws IOException {
    try (Tokenizer tokenizer = open()) {
      // When
      int[] ids = tokenizer.encode("1".repeat(20_000));

      // Then
      assertThat(ids).hasSize(20_000).containsOnly(9);
    }
  }

  @Test
  void shouldFindTheIdOfAToken() throws IOException {
    try (Tokenizer tokenizer = open()) {
      assertThat(tokenizer.id("<eos>")).hasValue(1);
      assertThat(tokenizer.id("<think>")).hasValue(2);
      assertThat(tokenizer.id("abc")).hasValue(8);
      assertThat(tokenizer.id("zebra")).isEmpty();
    }
  }

  @Test
  void shouldNameTheFileByItsHash() throws IOException {
    try (Tokenizer tokenizer = open()) {
      assertThat(tokenizer.hash()).isEqualTo(FileHash.sha256(directory.resolve("tokenizer.json")));
    }
  }

  @Test
  void shouldServeSeveralThreadsUntilItIsClosed() throws Exception {
    // Given
    Tokenizer tokenizer = open();
    Callable<int[]> encode = () -> tokenizer.encode("abc ".repeat(200));
    int[] expected = encode.call();

    // When
    List<Future<int[]>> results;
    try (var threads = Executors.newFixedThreadPool(4)) {
      results = threads.invokeAll(IntStream.range(0, 200).mapToObj(i -> encode).toList());
    }
    tokenizer.close();
    tokenizer.close();

    // Then
    assertThat(results).allMatch(result -> Arrays.equals(result.resultNow(), expected));
    assertThatThrownBy(encode::call).hasMessage("The tokenizer is closed");
  }

  @Test
  void shouldRefuseAddedTokensWhoseIdsTheLibraryDoesNotKeep() throws IOException {
    // Given
    String misnumbered =
        JSON.replace("\"id\": 1, \"content\": \"<eos>\"", "\"id\": 40, \"content\": \"<stop>\"");
    Path file = Files.writeString(directory.resolve("tokenizer.json"), misnumbered);

    // Then
    assertThatThrownBy(() -> Tokenizer.open(file))
        .hasMessageContaining("added token '<stop>': id 40, but encoded as 12");
  }

  @Test
  void shouldRefuseAFileThatIsNoTokenizer() throws IOException {
    // Given
    Path file = directory.resolve("tokenizer.json");

    // Then
    for (String content : List.of("{", "{}", "{\"model\": {\"vocab\": {\"a\": 0}}}")) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> Tokenizer.open(file))
          .as(content)
          .isInstanceOf(UnusableModelException.class)
          .hasMessageContaining(file.toString());
    }
  }

  private Tokenizer open() throws IOException {
    return Tokenizer.open(Files.writeString(directory.resolve("tokenizer.json"), JSON));
  }
}
