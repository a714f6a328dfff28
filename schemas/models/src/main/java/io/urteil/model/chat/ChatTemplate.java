package io.urteil.model.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.jinja.JinjaTemplate;
import io.urteil.jinja.TemplateException;
import io.urteil.model.file.BoundedFile;
import io.urteil.model.file.FileHash;
import io.urteil.model.file.StrictJson;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model's chat template: renders messages to a prompt that records for each character whether it
 * is from the template or from a message. The text equals that of transformers' {@code
 * apply_chat_template} without tools. Thread-safe.
 *
 * <p>{@link PromptEncoder} converts the prompt to token ids so that a message never yields a
 * control token.
 */
public final class ChatTemplate {

  /** The template file; it takes precedence over the template in {@link #CONFIG_FILE}. */
  public static final String FILE_NAME = "chat_template.jinja";

  /** The file with the special tokens and, in older models, the template. */
  public static final String CONFIG_FILE = "tokenizer_config.json";

  private static final Pattern ROLE = Pattern.compile("[A-Za-z][A-Za-z_]{0,39}");
  private static final long TEMPLATE_BYTES_MAX = 4_000_000;
  private static final long CONFIG_BYTES_MAX = 64_000_000;
  private static final List<String> SPECIAL_TOKENS =
      List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token");

  private final JinjaTemplate template;
  private final Map<String, String> specialTokens;
  private final String hash;

  private ChatTemplate(JinjaTemplate template, Map<String, String> specialTokens, String hash) {
    this.template = template;
    this.specialTokens = Map.copyOf(specialTokens);
    this.hash = hash;
  }

  /**
   * Parses a template.
   *
   * @param specialTokens texts of {@code bos_token}, {@code eos_token} and the like, by name
   * @throws TemplateException with line, value and expectation
   */
  public static ChatTemplate of(String source, Map<String, String> specialTokens) {
    return new ChatTemplate(
        JinjaTemplate.parse(source),
        specialTokens,
        FileHash.sha256(source.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The template of a model directory; empty if it has none.
   *
   * @throws UnusableModelException if a file is unreadable or the template uses an unsupported
   *     feature
   */
  public static Optional<ChatTemplate> read(Path directory) throws IOException {
    JsonNode config = config(directory);
    Path file = directory.resolve(FILE_NAME);
    String source =
        Files.isRegularFile(file) ? BoundedFile.text(file, TEMPLATE_BYTES_MAX) : fromConfig(config);
    if (source.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> specialTokens = new HashMap<>();
    for (String name : SPECIAL_TOKENS) {
      JsonNode token = config.path(name);
      String text = token.isObject() ? token.path("content").asText() : token.asText("");
      if (!text.isEmpty() && !token.isNull()) {
        specialTokens.put(name, text);
      }
    }
    try {
      return Optional.of(of(source, specialTokens));
    } catch (TemplateException e) {
      throw new UnusableModelException(directory, List.of("chat template: " + e.getMessage()));
    }
  }

  /**
   * Renders the messages.
   *
   * @throws TemplateException if the template rejects the messages, such as roles that do not
   *     alternate; with the message of the template
   */
  public OriginText render(List<ChatMessage> messages, ChatOptions options) {
    Map<String, Object> variables = new HashMap<>(specialTokens);
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("add_generation_prompt", options.generationPrompt());
    variables.put(
        "strftime_now",
        (JinjaTemplate.TextFunction) format -> DateText.of(options.today(), format));
    variables.putAll(options.variables());
    List<Map<String, Object>> conversation = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", role(messages.get(i).role()));
      message.put("content", messages.get(i).content().inMessage(i));
      conversation.add(message);
    }
    variables.put("messages", conversation);
    return template.render(variables);
  }

  /** A role is the template's vocabulary; any other text in its place is text of a message. */
  private static OriginText role(String role) {
    return OriginText.of(role, ROLE.matcher(role).matches() ? Origin.TEMPLATE : Origin.MESSAGE);
  }

  /** SHA-256 of the template's text. */
  public String hash() {
    return hash;
  }

  private static JsonNode config(Path directory) throws IOException {
    Path file = directory.resolve(CONFIG_FILE);
    if (!Files.isRegularFile(file)) {
      return StrictJson.MAPPER.createObjectNode();
    }
    try {
      return StrictJson.object(file, CONFIG_BYTES_MAX);
    } catch (UnusableModelException e) {
      throw new UnusableModelException(
          directory, e.problems().stream().map(p -> CONFIG_FILE + ": " + p).toList());
    }
  }

  /** The only template, or the one named default. */
  private static String fromConfig(JsonNode config) {
    JsonNode templates = config.path("chat_template");
    for (JsonNode named : templates) {
      if (named.path("name").asText().equals("default")) {
        return named.path("template").asText();
      }
    }
    return templates.isTextual() ? templates.asText() : "";
  }
}
