package io.urteil.prompt;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.urteil.model.chat.ChatMessage;
import io.urteil.model.file.FileHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A judge prompt: a named, versioned template and the verdict format of its response. Its hash is
 * in every judgement. Immutable.
 */
public final class JudgePrompt {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final List<String> ROLES = List.of("system", "user", "assistant");

  private final PromptFile file;
  private final VerdictFormat format;
  private final List<Turn> turns;
  private final String hash;

  /** One message as a template. */
  private record Turn(String role, PromptTemplate template) {}

  /** The content of a prompt file. */
  record PromptFile(
      String name,
      int version,
      String system,
      String source,
      String format,
      int maxTokens,
      @Nullable String prime,
      @Nullable List<MessageText> messages,
      @Nullable String text) {
    @JsonCreator
    PromptFile {}
  }

  /** One message of a prompt file. */
  record MessageText(String role, String text) {
    @JsonCreator
    MessageText {}
  }

  private JudgePrompt(PromptFile file, VerdictFormat format, List<Turn> turns, String hash) {
    this.file = file;
    this.format = format;
    this.turns = List.copyOf(turns);
    this.hash = hash;
  }

  /**
   * Parses a prompt file.
   *
   * @param where the name of the file in messages
   * @param yaml keys name, version, system, source, format, maxTokens, {@code prime} (the assistant
   *     prefix, optional), and either messages (role, text) or text (raw)
   * @throws IllegalArgumentException with the invalid value and the expectation
   */
  public static JudgePrompt read(String where, String yaml) {
    PromptFile file;
    try {
      file = YAML.readValue(yaml, PromptFile.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          where
              + ": "
              + e.getOriginalMessage()
              + " (expected: name, version, system, source, format, maxTokens, and messages or"
              + " text)",
          e);
    }
    if (file == null) {
      throw problem(where, "the file is empty", "a judge prompt");
    }
    require(file.name() != null && file.name().matches("[a-z0-9][a-z0-9-]{0,60}"))
        .orThrow(
            () -> problem(where, "name: '" + file.name() + "'", "lower-case letters, digits, '-'"));
    require(file.version() >= 1)
        .orThrow(() -> problem(where, "version: " + file.version(), "at least 1"));
    require(file.maxTokens() >= 1)
        .orThrow(() -> problem(where, "maxTokens: " + file.maxTokens(), "at least 1"));
    require(file.format() != null)
        .orThrow(() -> problem(where, "format: missing", "the name of a verdict format"));
    VerdictFormat format;
    List<Turn> turns;
    try {
      format = VerdictFormat.named(file.format());
      turns = turns(where, file);
    } catch (IllegalArgumentException e) {
      throw e.getMessage() != null && e.getMessage().startsWith(where)
          ? e
          : new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
    requirePlaceholders(where, format.mode(), turns);
    return new JudgePrompt(
        file, format, turns, FileHash.sha256(yaml.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Turn> turns(String where, PromptFile file) {
    String text = file.text();
    List<MessageText> messages = file.messages();
    if ((text == null) == (messages == null || messages.isEmpty())) {
      throw problem(where, "messages and text", "one of the two");
    }
    if (text != null) {
      return List.of(new Turn(RenderedPrompt.RAW, PromptTemplate.parse(text)));
    }
    List<Turn> turns = new ArrayList<>();
    for (MessageText message : messages == null ? List.<MessageText>of() : messages) {
      if (!ROLES.contains(message.role()) || message.text() == null) {
        throw problem(
            where, "message of role '" + message.role() + "'", "a text of one of " + ROLES);
      }
      turns.add(new Turn(message.role(), PromptTemplate.parse(message.text().strip())));
    }
    return turns;
  }

  private static void requirePlaceholders(String where, JudgeMode mode, List<Turn> turns) {
    List<String> placeholders =
        switch (mode) {
          case POINTWISE -> List.of("question", "answer");
          case PAIRWISE -> List.of("question", "answerA", "answerB");
          case LISTWISE -> List.of("question", "candidates", "answer");
        };
    for (String placeholder : placeholders) {
      if (turns.stream().noneMatch(turn -> turn.template().uses(placeholder))) {
        throw problem(
            where,
            "no {{" + placeholder + "}}",
            "the placeholders of a %s format: %s"
                .formatted(mode.spelling(), String.join(", ", placeholders)));
      }
    }
  }

  /** Name of the prompt, such as {@code j1-verdict}. */
  public String name() {
    return file.name();
  }

  /** The version, which increases with every change of the wording. */
  public int version() {
    return file.version();
  }

  /** The published judge system of the prompt. */
  public String system() {
    return file.system();
  }

  /** The publication of the prompt's structure and output format. */
  public String source() {
    return file.source();
  }

  /** The format of the verdict. */
  public VerdictFormat format() {
    return format;
  }

  /** The number of candidates that the prompt shows. */
  public JudgeMode mode() {
    return format.mode();
  }

  /** The recommended token limit of a response. */
  public int maxTokens() {
    return file.maxTokens();
  }

  /** SHA-256 of the prompt file, as 64 hexadecimal digits. */
  public String hash() {
    return hash;
  }

  /** The assistant prefix, such as {@code <think>}; may be empty. */
  public String prefix() {
    return file.prime() == null ? "" : file.prime();
  }

  /** Whether the prompt has a placeholder for a reference. */
  public boolean usesReference() {
    return turns.stream().anyMatch(turn -> turn.template().uses("reference"));
  }

  /** Whether the prompt has a placeholder for a principle. */
  public boolean usesPrinciple() {
    return turns.stream().anyMatch(turn -> turn.template().uses("principle"));
  }

  /**
   * Fills the template with this question.
   *
   * @throws IllegalArgumentException when the number of candidates does not match the mode
   */
  public RenderedPrompt render(JudgeQuestion question) {
    int candidates = question.candidates().size();
    if (!mode().takes(candidates)) {
      throw new IllegalArgumentException(
          "candidates: %d (expected: the number of a %s prompt) for judge prompt %s"
              .formatted(candidates, mode().spelling(), name()));
    }
    return new RenderedPrompt(
        turns.stream()
            .map(turn -> new ChatMessage(turn.role(), turn.template().fill(question)))
            .toList(),
        prefix());
  }

  /**
   * Parses the judge's response to this prompt. Never throws because of the text.
   *
   * @param completion the generated text, without the assistant prefix
   * @param candidates number of candidates that the prompt showed
   */
  public ParsedVerdict parse(String completion, int candidates) {
    return format.parse(prefix() + completion, candidates);
  }

  private static Requirement require(boolean met) {
    return new Requirement(met);
  }

  private record Requirement(boolean met) {
    void orThrow(Supplier<IllegalArgumentException> problem) {
      if (!met) {
        throw problem.get();
      }
    }
  }

  private static IllegalArgumentException problem(String where, String found, String expectation) {
    return new IllegalArgumentException(
        "%s: %s (expected: %s)".formatted(where, found, expectation));
  }

  @Override
  public String toString() {
    return name() + "/" + version();
  }
}
