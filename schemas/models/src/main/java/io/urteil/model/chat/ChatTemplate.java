package io.urteil.model.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.jinja.JinjaTemplate;
import io.urteil.jinja.TemplateException;
import io.urteil.model.file.FileHash;
import io.urteil.model.file.StrictJson;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.tokenizer.PromptEncoder;
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

/**
 * A model's chat template: messages in, a prompt out whose characters know whether they are the
 * template's or a message's. The text is what transformers' {@code apply_chat_template} makes,
 * without tools. Safe for any number of threads.
 *
 * <p>{@link PromptEncoder} turns it into token ids, in such a way that a message cannot spell a
 * control token.
 */
public final class ChatTemplate {

  /** Where newer models keep the template; it goes before the one in {@link #CONFIG_FILE}. */
  public static final String FILE_NAME = "chat_template.jinja";

  /** Where the special tokens stand, and in older models the template. */
  public static final String CONFIG_FILE = "tokenizer_config.json";

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
   * A template.
   *
   * @param specialTokens {@code bos_token}, {@code eos_token}, … as the template may name them
   * @throws TemplateException naming the line, what was found and what was expected
   */
  public static ChatTemplate of(String source, Map<String, String> specialTokens) {
    return new ChatTemplate(
        JinjaTemplate.parse(source),
        specialTokens,
        FileHash.sha256(source.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The template of a model directory, or empty where there is none.
   *
   * @throws UnusableModelException if a file cannot be read or the template is outside of what is
   *     built
   */
  public static Optional<ChatTemplate> read(Path directory) throws IOException {
    JsonNode config = config(directory);
    Path file = directory.resolve(FILE_NAME);
    String source = Files.isRegularFile(file) ? Files.readString(file) : fromConfig(config);
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
   * The prompt for these messages.
   *
   * @throws TemplateException if the template refuses the messages, such as roles that do not
   *     alternate; the message is the template's own
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
      message.put("role", messages.get(i).role());
      message.put("content", messages.get(i).content().inMessage(i));
      conversation.add(message);
    }
    variables.put("messages", conversation);
    return template.render(variables);
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
      return StrictJson.MAPPER.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new UnusableModelException(
          directory, List.of("%s: unreadable JSON: %s".formatted(CONFIG_FILE, e.getMessage())));
    }
  }

  /** One template, or the one named default of several. */
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
