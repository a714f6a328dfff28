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
 * How a judge is asked, and in which form it answers: a named, versioned text whose hash stands in
 * every judgement made with it. Immutable and safe for many threads.
 */
public final class JudgePrompt {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final List<String> ROLES = List.of("system", "user", "assistant");

  private final PromptFile file;
  private final VerdictFormat format;
  private final List<Turn> turns;
  private final String hash;

  /** One turn with its places. */
  private record Turn(String role, PromptTemplate template) {}

  /** A prompt file as it is written. */
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

  /** One turn as it is written. */
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
   * Reads a prompt file.
   *
   * @param where how messages call the file
   * @param yaml keys name, version, system, source, format, maxTokens, prime (optional), and either
   *     messages (role, text) or text (raw)
   * @throws IllegalArgumentException naming what is wrong
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
    requirePlaces(where, format.mode(), turns);
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

  private static void requirePlaces(String where, JudgeMode mode, List<Turn> turns) {
    List<String> places =
        switch (mode) {
          case POINTWISE -> List.of("question", "answer");
          case PAIRWISE -> List.of("question", "answerA", "answerB");
          case LISTWISE -> List.of("question", "candidates", "answer");
        };
    for (String place : places) {
      if (turns.stream().noneMatch(turn -> turn.template().uses(place))) {
        throw problem(
            where,
            "no {{" + place + "}}",
            "the places of a %s format: %s".formatted(mode.spelling(), String.join(", ", places)));
      }
    }
  }

  /** Name of the prompt, such as {@code j1-verdict}. */
  public String name() {
    return file.name();
  }

  /** Counted up whenever the wording changes. */
  public int version() {
    return file.version();
  }

  /** The judge system it belongs to. */
  public String system() {
    return file.system();
  }

  /** Where the structure and the output format are described. */
  public String source() {
    return file.source();
  }

  /** The form in which the judge answers. */
  public VerdictFormat format() {
    return format;
  }

  /** How many candidates it shows. */
  public JudgeMode mode() {
    return format.mode();
  }

  /** Most tokens that an answer should be given. */
  public int maxTokens() {
    return file.maxTokens();
  }

  /** SHA-256 of the prompt file, in hexadecimal: another wording is another judge. */
  public String hash() {
    return hash;
  }

  /** What the assistant's turn begins with, such as {@code <think>}; empty for nothing. */
  public String prefix() {
    return file.prime() == null ? "" : file.prime();
  }

  /** Whether a reference is shown where there is one. */
  public boolean usesReference() {
    return turns.stream().anyMatch(turn -> turn.template().uses("reference"));
  }

  /** Whether a principle is shown where there is one. */
  public boolean usesPrinciple() {
    return turns.stream().anyMatch(turn -> turn.template().uses("principle"));
  }

  /**
   * The prompt about this question.
   *
   * @throws IllegalArgumentException when the number of candidates does not fit
   */
  public RenderedPrompt render(JudgeQuestion question) {
    int candidates = question.candidates().size();
    if (!mode().takes(candidates)) {
      throw new IllegalArgumentException(
          "candidates: %d (expected: as many as a %s prompt shows) for judge prompt %s"
              .formatted(candidates, mode().spelling(), name()));
    }
    return new RenderedPrompt(
        turns.stream()
            .map(turn -> new ChatMessage(turn.role(), turn.template().fill(question)))
            .toList(),
        prefix());
  }

  /**
   * Reads what the judge wrote after this prompt about this many candidates. Never throws for any
   * text.
   *
   * @param completion what the model generated, without the prefix of its turn
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
