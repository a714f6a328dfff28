package io.urteil.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.model.chat.ChatMessage;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.prompt.WrittenChoice;
import io.urteil.text.OriginText;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Probabilities of the next token against logits that transformers computed ({@code
 * ops/python/golden/decoders.py}): the golden models with a tokenizer of one token a character, in
 * which every golden prompt can be written.
 */
class LocalChatModelTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FIRST_CHARACTER = 2;
  private static final SlotSettings SLOTS = new SlotSettings(64, 4_096, 512L << 20);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path temporary;

  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @BeforeEach
  void makeDirectory() {
    directory = temporary.resolve("model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied", "qwen3", "llama3", "qwen2-bf16"})
  void shouldGiveChoicesTheProbabilitiesOfTransformers(String name) throws Exception {
    // Given
    JsonNode golden = golden(name);
    String prompt =
        golden
            .path("prompt")
            .valueStream()
            .map(id -> Character.toString(character(id.asInt())))
            .collect(Collectors.joining());
    double[] logits =
        golden.path("logits").path(0).valueStream().mapToDouble(JsonNode::asDouble).toArray();
    double total = Arrays.stream(logits).map(Math::exp).sum();

    // When
    ChoiceProbabilities letters;
    ChoiceProbabilities words;
    try (LocalChatModels models = new LocalChatModels(SLOTS, RuntimeSettings.defaults())) {
      ChatModel model = models.of(directory, WeightPrecision.F32);
      letters = answer(model, prompt, List.of("A", "B"));
      words = answer(model, prompt, List.of("yes", "no"));
    }

    // Then
    assertThat(letters.promptTokens()).isEqualTo(golden.path("prompt").size());
    assertThat(letters.probabilities()).containsOnlyKeys("A", "B");
    assertThat(words.probabilities()).containsOnlyKeys("yes", "no");
    for (String letter : List.of("A", "B")) {
      assertThat(letters.probability(letter)).isCloseTo(share(logits, letter, total), within(1e-5));
    }
    for (String word : List.of("yes", "no")) {
      assertThat(words.probability(word)).isCloseTo(share(logits, word, total), within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied", "qwen3"})
  void shouldTellHowLikelyTheChoicesWereWhereTheTextMadeOne(String name) throws Exception {
    // Given
    golden(name);
    String prompt = "Is it?";

    try (LocalChatModels models = new LocalChatModels(SLOTS, RuntimeSettings.defaults())) {
      ChatModel model = models.of(directory, WeightPrecision.F32);
      ChatRequest request =
          new ChatRequest("r", raw(prompt), 3, new ChatSampling(1, 1, 0, 24, List.of(), 5), null);
      List<String> texts =
          model.complete(request).get(60, TimeUnit.SECONDS).samples().stream()
              .map(ChatSample::text)
              .toList();
      // What the first sample says with its 9th letter is the choice, behind the two before it.
      String cue = texts.getFirst().substring(6, 8);
      String said = texts.getFirst().substring(8, 9);
      String other = said.equals("q") ? "r" : "q";
      WrittenChoice choice = new WrittenChoice(cue, List.of(said, other));

      // When
      List<ChatSample> samples =
          model.complete(request.withWrittenChoice(choice)).get(60, TimeUnit.SECONDS).samples();

      // Then
      assertThat(samples).extracting(ChatSample::text).isEqualTo(texts);
      int place = choice.position(texts.getFirst()).orElseThrow();
      ChoiceProbabilities expected =
          answer(model, prompt + texts.getFirst().substring(0, place), choice.choices());
      for (String one : choice.choices()) {
        assertThat(samples.getFirst().choices().get(one))
            .isCloseTo(expected.probability(one), within(1e-5));
      }
      assertThat(samples)
          .allSatisfy(
              sample ->
                  assertThat(sample.choices().isEmpty())
                      .isEqualTo(choice.position(sample.text()).isEmpty()));
    }
  }

  @Test
  void shouldRefuseChoicesThatBeginWithTheSameToken() throws Exception {
    // Given
    golden("qwen2-tied");

    // When
    try (LocalChatModels models = new LocalChatModels(SLOTS, RuntimeSettings.defaults())) {
      ChatModel model = models.of(directory, WeightPrecision.F32);

      // Then
      assertThatThrownBy(() -> answer(model, "Which?", List.of("no", "never")))
          .hasCauseInstanceOf(RefusedRequestException.class)
          .hasMessageContaining(
              "the choices no and never both start with token %d (expected: different first tokens"
                  .formatted(id('n')));
      assertThatThrownBy(() -> answer(model, "x".repeat(400), List.of("A", "B")))
          .hasCauseInstanceOf(RefusedRequestException.class)
          .hasMessageContaining("prompt: 400 tokens (expected: <= 256, the capacity of a slot)");
    }
  }

  @Test
  void shouldCountAChoiceBehindASpaceWhereThatIsATokenOfItsOwn() throws Exception {
    // Given
    ObjectNode root = tokenizer();
    ObjectNode vocabulary = (ObjectNode) root.path("model").path("vocab");
    vocabulary.put(" A", 97).put(" B", 98);
    ArrayNode merges = (ArrayNode) root.path("model").path("merges");
    merges.addArray().add(" ").add("A");
    merges.addArray().add(" ").add("B");
    Path file = temporary.resolve("tokenizer.json");
    Files.writeString(file, root.toPrettyString());

    // When
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      ChoiceTokens letters = ChoiceTokens.of("m", tokenizer, List.of("A", "B"));
      ChoiceTokens words = ChoiceTokens.of("m", tokenizer, List.of("yes", "no"));

      // Then
      assertThat(letters.ids()).containsExactly(id('A'), id('B'), 97, 98);
      assertThat(
              letters.probabilities(
                  List.of(Math.log(0.1), Math.log(0.2), Math.log(0.3), Math.log(0.05))))
          .hasEntrySatisfying("A", p -> assertThat(p).isCloseTo(0.4, within(1e-12)))
          .hasEntrySatisfying("B", p -> assertThat(p).isCloseTo(0.25, within(1e-12)));
      assertThat(words.ids()).containsExactly(id('y'), id('n'));
    }
  }

  private static ChoiceProbabilities answer(ChatModel model, String prompt, List<String> choices)
      throws Exception {
    ChatSampling sampling = new ChatSampling(0.3, 0.5, 1, 9, List.of(), 7);
    return model
        .nextTokens(new ChatRequest("r", raw(prompt), 1, sampling, null), choices)
        .get(60, TimeUnit.SECONDS);
  }

  private static RenderedPrompt raw(String prompt) {
    return new RenderedPrompt(
        List.of(new ChatMessage(RenderedPrompt.RAW, OriginText.template(prompt))), "");
  }

  private static double share(double[] logits, String choice, double total) {
    return Math.exp(logits[id(choice.charAt(0))]) / total;
  }

  /** Printable ASCII is what the ids from 2 on stand for. */
  private static char character(int id) {
    return (char) (' ' + id - FIRST_CHARACTER);
  }

  private static int id(char character) {
    return character - ' ' + FIRST_CHARACTER;
  }

  /** The golden values of this model, whose directory is then there with a tokenizer. */
  private JsonNode golden(String name) throws IOException, URISyntaxException {
    Path source =
        Path.of(Objects.requireNonNull(getClass().getResource("/decoders/" + name), name).toURI());
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    Files.writeString(directory.resolve("tokenizer.json"), tokenizer().toPrettyString());
    return JSON.readTree(source.resolve("golden.json").toFile());
  }

  private static ObjectNode tokenizer() {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    for (String none : List.of("truncation", "padding", "normalizer", "pre_tokenizer")) {
      root.putNull(none);
    }
    root.putNull("post_processor");
    root.putObject("decoder").put("type", "Fuse");
    ArrayNode added = root.putArray("added_tokens");
    for (int id = 0; id < FIRST_CHARACTER; id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", "<" + id + ">")
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < FIRST_CHARACTER; id++) {
      vocabulary.put("<" + id + ">", id);
    }
    for (char c = ' '; c <= '~'; c++) {
      vocabulary.put(Character.toString(c), id(c));
    }
    model.putArray("merges");
    return root;
  }
}
