package io.urteil.model.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.model.file.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The prompts of {@code ops/python/golden/chat_templates.py}. */
public final class GoldenChats {

  private static final JsonNode ROOT = json();

  private GoldenChats() {}

  /** A golden prompt. */
  public record Case(
      String name,
      String templateName,
      List<ChatMessage> messages,
      ChatOptions options,
      String text,
      int[] ids,
      String error) {

    /** The template it is rendered by. */
    public ChatTemplate template() {
      return GoldenChats.template(templateName);
    }

    @Override
    public String toString() {
      return "%s: %s, %s".formatted(templateName, name, options.variables());
    }
  }

  /** All golden prompts. */
  public static Stream<Case> cases() {
    return ROOT.path("cases").valueStream().map(GoldenChats::read);
  }

  /** A chat template of the golden prompts. */
  public static ChatTemplate template(String name) {
    return ChatTemplate.of(
        new String(bytes("templates/" + name), StandardCharsets.UTF_8),
        Map.of(
            "bos_token",
            ROOT.path("bos_token").asText(),
            "eos_token",
            ROOT.path("eos_token").asText()));
  }

  /** Writes the tokenizer of the golden prompts and returns the file. */
  public static Path tokenizer(Path directory) throws IOException {
    return Files.write(directory.resolve("tokenizer.json"), bytes("tokenizer.json"));
  }

  public static LocalDate today() {
    return LocalDate.parse(ROOT.path("today").asText());
  }

  private static Case read(JsonNode node) {
    JsonNode given = node.path("options");
    ChatOptions options =
        new ChatOptions(given.path("add_generation_prompt").asBoolean(), today(), Map.of());
    if (given.has("enable_thinking")) {
      options = options.with("enable_thinking", given.path("enable_thinking").asBoolean());
    }
    return new Case(
        node.path("name").asText(),
        node.path("template").asText(),
        node.path("messages")
            .valueStream()
            .map(m -> ChatMessage.of(m.path("role").asText(), m.path("content").asText()))
            .toList(),
        options,
        node.path("text").asText(),
        Arrays.stream(
                StrictJson.MAPPER.convertValue(node.path("ids"), int[].class) == null
                    ? new int[0]
                    : StrictJson.MAPPER.convertValue(node.path("ids"), int[].class))
            .toArray(),
        node.path("error").asText());
  }

  private static JsonNode json() {
    try {
      return StrictJson.MAPPER.readTree(bytes("prompts.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String name) {
    try (InputStream in = GoldenChats.class.getResourceAsStream("/chat/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no resource /chat/" + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
