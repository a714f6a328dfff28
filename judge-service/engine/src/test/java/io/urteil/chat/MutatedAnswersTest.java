package io.urteil.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.engine.EngineException;
import io.urteil.model.chat.ChatMessage;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.prompt.WrittenChoice;
import io.urteil.text.OriginText;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Answers of servers with nodes, numbers, texts and bytes replaced at random: each is read as what
 * it contains, or fails with an {@link EngineException}. No other exception, and no number that the
 * answer does not contain.
 */
class MutatedAnswersTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final RemoteServer SERVER = RemoteServer.at(URI.create("http://h/v1"), "m");
  private static final WrittenChoice CHOICE = new WrittenChoice("Right?", List.of("yes", "no"));
  private static final RenderedPrompt CHAT =
      new RenderedPrompt(List.of(new ChatMessage("user", OriginText.template("x"))), "");
  private static final RenderedPrompt RAW =
      new RenderedPrompt(
          List.of(new ChatMessage(RenderedPrompt.RAW, OriginText.template("x"))), "");

  private static final String CHAT_ANSWER =
      """
      {"model": "m-1", "choices": [{"message": {"content": "Right? yes", "reasoning_content": ""},
        "finish_reason": "stop", "logprobs": {"content": [
         {"token": "Right?", "logprob": -0.1, "top_logprobs": [{"token": "Right?", "logprob": -0.1}]},
         {"token": " yes", "logprob": -0.5, "top_logprobs": [
           {"token": " yes", "logprob": -0.5}, {"token": "no", "logprob": -1.5}]}]}}],
       "usage": {"prompt_tokens": 7, "completion_tokens": 2}}
      """;
  private static final String RAW_ANSWER =
      """
      {"choices": [{"text": "Right? no", "finish_reason": "length", "logprobs": {
        "tokens": ["Right", "?", " no"], "token_logprobs": [-0.1, -0.1, -0.25],
        "top_logprobs": [{"Right": -0.1}, {"?": -0.1}, {" no": -0.25, " yes": -2}]}}]}
      """;

  private static final String[] VALUES = {
    "null",
    "0",
    "1",
    "-1",
    "0.5",
    "1e308",
    "-1e308",
    "1e400",
    "-1e400",
    "2147483648",
    "-2147483648",
    "9223372036854775808",
    "\"\"",
    "\"yes\"",
    "\"no\"",
    "\"Right? no\"",
    "\"NaN\"",
    "\"-0.5\"",
    "[]",
    "{}",
    "[[]]",
    "true",
    "{\"token\": \"no\", \"logprob\": -0.01}",
    "\"\\u0000\\ud800\"",
    "1e-5",
    "0.00002",
    "-0.0"
  };

  @Property(tries = 3_000)
  void shouldReadOnlyWhatAnAnswerContainsOrFail(@ForAll long seed) throws Exception {
    // Given
    Random random = new Random(seed);
    boolean raw = random.nextBoolean();
    RenderedPrompt prompt = raw ? RAW : CHAT;
    JsonNode tree = JSON.readTree(raw ? RAW_ANSWER : CHAT_ANSWER);
    for (int i = random.nextInt(4); i >= 0; i--) {
      mutate(tree, random);
    }
    String json = random.nextInt(5) == 0 ? flipped(tree.toString(), random) : tree.toString();

    // When
    OpenAiProtocol.Answer answer;
    Map<String, Double> next = Map.of();
    Map<String, Double> written = Map.of();
    try {
      answer = OpenAiProtocol.answer(SERVER, prompt, json);
    } catch (EngineException e) {
      return;
    }
    try {
      if (!answer.tokens().isEmpty()) {
        next = answer.tokens().getFirst().probabilities(CHOICE.choices());
      }
    } catch (EngineException e) {
      assertThat(e).hasMessageContaining("(expected: ");
    }
    try {
      written = ChoiceLocator.probabilities(CHOICE, answer.sample().text(), answer.tokens());
    } catch (EngineException e) {
      assertThat(e).hasMessageContaining("(expected: ");
    }

    // Then
    JsonNode sent = JSON.readTree(json);
    JsonNode choice = sent.path("choices").path(0);
    String content =
        raw ? choice.path("text").asText() : choice.path("message").path("content").asText("");
    assertThat(answer.sample().text()).endsWith(content);
    assertThat(answer.promptTokens()).isBetween(0, 1 << 24);
    assertThat(answer.sample().tokens()).isBetween(0, 1 << 24);
    List<Double> logProbabilities = numbers(sent);
    assertThat(answer.sample().logProbabilities())
        .allSatisfy(value -> assertThat((double) value).isLessThanOrEqualTo(0));
    for (Map<String, Double> probabilities : List.of(next, written)) {
      assertThat(probabilities.values().stream().mapToDouble(p -> p).sum())
          .isLessThanOrEqualTo(1 + 1e-9);
      assertThat(probabilities.values())
          .allSatisfy(
              p -> {
                assertThat(p).isBetween(0.0, 1.0);
                assertThat(isSumOfSome(p, probabilities, logProbabilities)).as(json).isTrue();
              });
    }
    if (!written.isEmpty()) {
      assertThat(CHOICE.position(answer.sample().text())).as(json).isPresent();
      assertThat(
              answer.tokens().stream().map(OpenAiProtocol.Token::text).reduce("", String::concat))
          .as(json)
          .contains("Right?");
    }
  }

  /**
   * Whether a probability is that of some log-probabilities of the answer, or scaled to a sum of 1.
   */
  private static boolean isSumOfSome(
      double p, Map<String, Double> all, List<Double> logProbabilities) {
    double sum = all.values().stream().mapToDouble(value -> value).sum();
    boolean scaled = Math.abs(sum - 1) < 1e-9;
    double tolerance = scaled ? 0.02 : 1e-9;
    List<Double> sums = new ArrayList<>(List.of(0.0));
    for (double logProbability : logProbabilities) {
      int size = Math.min(sums.size(), 256);
      for (int i = 0; i < size; i++) {
        sums.add(sums.get(i) + Math.exp(Math.min(0, logProbability)));
      }
    }
    return sums.stream().anyMatch(value -> Math.abs(value - p) <= tolerance);
  }

  private static List<Double> numbers(JsonNode tree) {
    List<Double> found = new ArrayList<>();
    if (tree.isNumber()) {
      found.add(tree.doubleValue());
    }
    tree.forEach(child -> found.addAll(numbers(child)));
    return found;
  }

  /** Replaces, removes or repeats one node. */
  private static void mutate(JsonNode tree, Random random) throws JsonProcessingException {
    List<JsonNode> containers = new ArrayList<>();
    collect(tree, containers);
    JsonNode container = containers.get(random.nextInt(containers.size()));
    JsonNode value = JSON.readTree(VALUES[random.nextInt(VALUES.length)]);
    if (container instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(4) == 0) {
        object.remove(name);
      } else {
        object.set(random.nextInt(8) == 0 ? "yes" : name, value);
      }
    } else if (container instanceof ArrayNode array && !array.isEmpty()) {
      int index = random.nextInt(array.size());
      switch (random.nextInt(4)) {
        case 0 -> array.remove(index);
        case 1 -> array.insert(index, array.get(index).deepCopy());
        case 2 -> array.insert(index, value);
        default -> array.set(index, value);
      }
    }
  }

  private static void collect(@Nullable JsonNode node, List<JsonNode> found) {
    if (node != null && node.isContainerNode()) {
      found.add(node);
      node.forEach(child -> collect(child, found));
    }
  }

  private static String flipped(String text, Random random) {
    StringBuilder flipped = new StringBuilder(text);
    int at = random.nextInt(flipped.length());
    flipped.setCharAt(at, (char) (flipped.charAt(at) ^ 1 << random.nextInt(7)));
    return random.nextBoolean() ? flipped.toString() : text.substring(0, at);
  }

  /** The check itself sees an invented number. */
  @net.jqwik.api.Example
  void shouldSeeAnInventedProbability() {
    assertThat(isSumOfSome(0.9, Map.of("yes", 0.9), List.of(-0.5, -1.5))).isFalse();
    assertThat(Math.exp(-0.5)).isCloseTo(0.6065, within(1e-4));
  }
}
