package io.urteil.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.model.file.StrictJson;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The added tokens of a tokenizer under secret names: in a copy of {@code tokenizer.json} every
 * added token gets a random spelling and keeps its id, so that no text can spell one unless {@link
 * PromptEncoder} inserted it.
 */
final class ControlTokens {

  private static final int SECRET_BYTES = 16;

  /** A range of a text that spells a control token, and the token's secret name. */
  record Spelling(int start, int end, String secret) {}

  private record Token(String content, int id, boolean singleWord, String secret) {}

  private final Map<String, Token> byContent;
  private final Pattern spellings;
  private final byte[] json;

  private ControlTokens(Map<String, Token> byContent, byte[] json) {
    this.byContent = byContent;
    this.json = json;
    this.spellings =
        Pattern.compile(
            byContent.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
  }

  /**
   * @param root a {@code tokenizer.json}, which is changed into the copy
   * @param problems added tokens that plain text can spell under any name
   */
  static ControlTokens of(ObjectNode root, List<String> problems) throws IOException {
    SecureRandom random = new SecureRandom();
    Map<String, Token> tokens = new LinkedHashMap<>();
    for (JsonNode added : root.path("added_tokens")) {
      byte[] secret = new byte[SECRET_BYTES];
      random.nextBytes(secret);
      String content = added.path("content").asText();
      tokens.put(
          content,
          new Token(
              content,
              added.path("id").asInt(),
              added.path("single_word").asBoolean(),
              // Private-use characters at the ends: they are not letters and in no alphabet.
              "\ue0a0" + HexFormat.of().formatHex(secret) + "\ue0a1"));
      ((ObjectNode) added).put("content", tokens.get(content).secret()).put("single_word", false);
    }
    // It adds tokens around a text, which are not needed here, and names them.
    root.putNull("post_processor");
    rename(root.path("model"), tokens, problems);
    return new ControlTokens(tokens, StrictJson.MAPPER.writeValueAsBytes(root));
  }

  /** The copy of the file. */
  byte[] json() {
    return json;
  }

  /** The secret spellings and their required ids. */
  Map<String, Integer> secrets() {
    return byContent.values().stream().collect(Collectors.toMap(Token::secret, Token::id));
  }

  /** The ranges of a text that spell control tokens, the longest at each position, in order. */
  List<Spelling> spellings(String text) {
    List<Spelling> found = new ArrayList<>();
    if (byContent.isEmpty()) {
      return found;
    }
    Matcher matcher = spellings.matcher(text);
    while (matcher.find()) {
      Token token = byContent.get(matcher.group());
      boolean inWord = isWord(text, matcher.start() - 1) || isWord(text, matcher.end());
      if (token != null && !(token.singleWord() && inWord)) {
        found.add(new Spelling(matcher.start(), matcher.end(), token.secret()));
      }
    }
    return found;
  }

  private static boolean isWord(String text, int at) {
    return at >= 0
        && at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_');
  }

  /** A model's own vocabulary may list the added tokens too, and would match them by name. */
  private static void rename(JsonNode model, Map<String, Token> tokens, List<String> problems) {
    JsonNode vocabulary = model.path("vocab");
    if (vocabulary instanceof ObjectNode map) {
      List<String> merged = mergedFrom(model.path("merges"), tokens);
      merged.forEach(
          content ->
              problems.add(
                  "added token '%s': the merges produce it too (expected: a spelling that plain text"
                          .formatted(content)
                      + " cannot have)"));
      for (Token token : tokens.values()) {
        JsonNode id = map.get(token.content());
        if (id != null && !merged.contains(token.content())) {
          map.remove(token.content());
          map.set(token.secret(), id);
        }
      }
    } else if (vocabulary instanceof ArrayNode pieces) {
      for (JsonNode piece : pieces) {
        Token token = tokens.get(piece.path(0).asText());
        if (token != null && piece instanceof ArrayNode pair) {
          pair.set(0, token.secret());
        }
      }
    }
    Token unknown = tokens.get(model.path("unk_token").asText());
    if (unknown != null && model instanceof ObjectNode object) {
      object.put("unk_token", unknown.secret());
    }
  }

  private static List<String> mergedFrom(JsonNode merges, Map<String, Token> tokens) {
    List<String> merged = new ArrayList<>();
    for (JsonNode merge : merges) {
      String made =
          merge.isArray()
              ? merge.path(0).asText() + merge.path(1).asText()
              : merge.asText().replaceFirst(" ", "");
      if (tokens.containsKey(made)) {
        merged.add(made);
      }
    }
    return merged;
  }
}
