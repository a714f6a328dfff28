package io.urteil.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.engine.EngineException;
import io.urteil.engine.StopReason;
import io.urteil.model.chat.ChatMessage;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Requests and responses of the OpenAI protocol: {@code chat/completions} for chat prompts, {@code
 * completions} for raw text. Each request is for one sample with its own seed. Pure.
 */
final class OpenAiProtocol {

  /** The number of alternatives per token that most servers return at most. */
  static final int ALTERNATIVES = 20;

  /** A log-probability above 0 by less is taken as 0. */
  private static final double ROUNDING = 1e-5;

  /** Probabilities of one position that sum to more than 1 by less are scaled: servers round. */
  private static final double MAX_EXCESS = 0.02;

  /** More tokens of one response than any model has positions. */
  private static final int MAX_TOKENS = 1 << 24;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String THOUGHT = "<think>%s</think>%s";

  private OpenAiProtocol() {}

  static String path(RenderedPrompt prompt) {
    return prompt.isRaw() ? "completions" : "chat/completions";
  }

  /**
   * The body of a request.
   *
   * @param sample index of the sample, from which its seed is derived
   * @param alternatives number of alternatives per token; 0 for the token's log-probability only
   */
  static String request(
      RemoteServer server,
      RenderedPrompt prompt,
      ChatSampling sampling,
      int sample,
      int alternatives)
      throws JsonProcessingException {
    ObjectNode body = JSON.createObjectNode();
    RemoteServer.Body settings = server.body();
    body.put("model", server.model());
    if (settings.temperature()) {
      body.put("temperature", sampling.temperature());
      body.put("top_p", sampling.topP());
      if (sampling.topK() > 0) {
        body.put("top_k", sampling.topK());
      }
    }
    body.put("max_tokens", sampling.maxTokens());
    body.put("seed", seed(sampling.seed(), sample));
    if (!sampling.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      sampling.stop().forEach(stop::add);
    }
    boolean logProbabilities =
        switch (settings.logProbabilities()) {
          case ALWAYS -> true;
          case WHEN_NEEDED -> alternatives > 0;
          case NEVER -> false;
        };
    if (prompt.isRaw()) {
      body.put("prompt", raw(prompt));
      if (logProbabilities) {
        body.put("logprobs", Math.max(1, alternatives));
      }
    } else {
      messages(body, settings.assistantPrefix(), prompt);
      if (logProbabilities) {
        body.put("logprobs", true);
        if (alternatives > 0) {
          body.put("top_logprobs", alternatives);
        }
      }
    }
    body.remove(settings.omitted());
    merge(body, settings.extra());
    return JSON.writeValueAsString(body);
  }

  private static void merge(ObjectNode target, ObjectNode extra) {
    for (Map.Entry<String, JsonNode> entry : extra.properties()) {
      if (target.get(entry.getKey()) instanceof ObjectNode inner
          && entry.getValue() instanceof ObjectNode added) {
        merge(inner, added);
      } else {
        target.set(entry.getKey(), entry.getValue().deepCopy());
      }
    }
  }

  private static String raw(RenderedPrompt prompt) {
    return ControlTokenEscaping.of(
            OriginText.join(prompt.messages().stream().map(ChatMessage::content).toList()))
        + prompt.prefix();
  }

  private static void messages(
      ObjectNode body, RemoteServer.AssistantPrefix assistantPrefix, RenderedPrompt prompt) {
    ArrayNode messages = body.putArray("messages");
    for (ChatMessage message : prompt.messages()) {
      messages
          .addObject()
          .put("role", message.role())
          .put("content", ControlTokenEscaping.of(message.content()));
    }
    if (!prompt.prefix().isEmpty() && assistantPrefix != RemoteServer.AssistantPrefix.NONE) {
      messages.addObject().put("role", "assistant").put("content", prompt.prefix());
      if (assistantPrefix == RemoteServer.AssistantPrefix.CONTINUE_FINAL_MESSAGE) {
        body.put("continue_final_message", true);
        body.put("add_generation_prompt", false);
      }
    }
  }

  /** A seed of 31 bits, which servers accept, different for each sample. */
  static int seed(long seed, int sample) {
    long mixed = (seed + 0x9E3779B97F4A7C15L * (sample + 1)) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> 33);
  }

  /**
   * Parses a response.
   *
   * @throws EngineException when the response violates the protocol; its message has at most an
   *     excerpt of the response
   */
  static Answer answer(RemoteServer server, RenderedPrompt prompt, String json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException | StackOverflowError e) {
      throw violation(server, json, "JSON");
    }
    JsonNode choice = root.path("choices").path(0);
    JsonNode content =
        prompt.isRaw() ? choice.path("text") : choice.path("message").path("content");
    JsonNode reasoning = choice.path("message").path("reasoning_content");
    if (!content.isTextual() && !reasoning.isTextual()) {
      throw violation(server, json, "a choice with text");
    }
    List<Float> logProbabilities = logProbabilities(prompt, choice.path("logprobs"));
    JsonNode usage = root.path("usage");
    return new Answer(
        AnswerExcerpt.cleaned(root.path("model").asText("")),
        count(usage.path("prompt_tokens"), 0),
        new ChatSample(
            text(prompt, content.asText(""), reasoning),
            count(usage.path("completion_tokens"), logProbabilities.size()),
            logProbabilities,
            finish(choice.path("finish_reason").asText("")),
            ""),
        tokens(prompt, choice.path("logprobs")));
  }

  private static EngineException violation(RemoteServer server, String json, String expected) {
    return new EngineException(
        "response: %s (expected: %s)".formatted(AnswerExcerpt.of(server, json), expected));
  }

  /** The number of tokens that a server reports; unknown if it is none that a response can have. */
  private static int count(JsonNode reported, int unknown) {
    return reported.canConvertToInt()
            && reported.intValue() >= 0
            && reported.intValue() <= MAX_TOKENS
        ? reported.intValue()
        : unknown;
  }

  /**
   * A parsed response.
   *
   * @param model as reported by the server; may be empty
   * @param tokens of the text; empty if the server returns no log-probabilities
   */
  record Answer(String model, int promptTokens, ChatSample sample, List<Token> tokens) {}

  /**
   * A token of a response.
   *
   * @param alternatives log-probabilities of the token and of its alternatives, by text; NaN for
   *     one that the server does not return, or returns as no number or above 0
   */
  record Token(String text, Map<String, Double> alternatives) {

    Token {
      alternatives = Map.copyOf(alternatives);
    }

    /**
     * The probabilities of the choices; a token counts for the choice that equals it, stripped.
     *
     * @throws EngineException when the server returns no log-probability for a choice, or
     *     probabilities with a sum of more than 1.02
     */
    Map<String, Double> probabilities(List<String> choices) {
      Map<String, Double> probabilities = new HashMap<>();
      alternatives.forEach(
          (token, logProbability) -> {
            String choice = token.strip();
            if (choices.contains(choice)) {
              probabilities.merge(choice, probability(choice, logProbability), Double::sum);
            }
          });
      double sum = probabilities.values().stream().mapToDouble(p -> p).sum();
      if (sum > 1 + MAX_EXCESS) {
        throw new EngineException(
            "response: probabilities of %s sum to %s (expected: at most 1)"
                .formatted(new TreeSet<>(probabilities.keySet()), sum));
      }
      if (sum > 1) {
        probabilities.replaceAll((choice, probability) -> probability / sum);
      }
      return probabilities;
    }

    private static double probability(String choice, double logProbability) {
      if (Double.isNaN(logProbability)) {
        throw new EngineException(
            "response: no log-probability of token '%s' (expected: a number of at most 0)"
                .formatted(choice));
      }
      return Math.exp(logProbability);
    }
  }

  /** Joins thought and answer of servers that return them separately; removes the prefix. */
  private static String text(RenderedPrompt prompt, String content, JsonNode reasoning) {
    String whole =
        reasoning.isTextual() && !reasoning.asText().isEmpty()
            ? THOUGHT.formatted(reasoning.asText(), content)
            : content;
    return !prompt.prefix().isEmpty() && whole.startsWith(prompt.prefix())
        ? whole.substring(prompt.prefix().length())
        : whole;
  }

  private static StopReason finish(String reason) {
    return reason.equals("length") ? StopReason.LENGTH : StopReason.STOP;
  }

  /**
   * Log-probabilities of the tokens of a response; empty if the server returns none, or if one is
   * missing or above 0.
   */
  private static List<Float> logProbabilities(RenderedPrompt prompt, JsonNode logprobs) {
    List<Float> values = new ArrayList<>();
    if (prompt.isRaw() && logprobs.has("token_logprobs")) {
      logprobs.path("token_logprobs").forEach(value -> values.add((float) logProbability(value)));
    } else {
      logprobs
          .path("content")
          .forEach(token -> values.add((float) logProbability(token.path("logprob"))));
    }
    return values.stream().allMatch(value -> value <= 0) ? values : List.of();
  }

  /**
   * The log-probability; NaN if it is missing, not a number, or above 0. Jackson reads a missing
   * number as 0, which would be certainty. Servers round: a millionth above 0 is 0.
   */
  private static double logProbability(JsonNode node) {
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    return value <= ROUNDING ? Math.min(0, value) : Double.NaN;
  }

  private static List<Token> tokens(RenderedPrompt prompt, JsonNode logprobs) {
    List<Token> tokens = new ArrayList<>();
    JsonNode old = logprobs.path("top_logprobs");
    if (prompt.isRaw() && old.isArray()) {
      JsonNode texts = logprobs.path("tokens");
      for (int i = 0; i < old.size(); i++) {
        Map<String, Double> alternatives = new HashMap<>();
        old.path(i)
            .properties()
            .forEach(token -> alternatives.put(token.getKey(), logProbability(token.getValue())));
        tokens.add(new Token(texts.path(i).asText(""), alternatives));
      }
      return tokens;
    }
    for (JsonNode token : logprobs.path("content")) {
      Map<String, Double> alternatives = new HashMap<>();
      token
          .path("top_logprobs")
          .forEach(
              other ->
                  alternatives.put(
                      other.path("token").asText(), logProbability(other.path("logprob"))));
      String text = token.path("token").asText("");
      alternatives.put(text, logProbability(token.path("logprob")));
      tokens.add(new Token(text, alternatives));
    }
    return tokens;
  }
}
