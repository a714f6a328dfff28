package io.urteil.local.judging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.model.file.UnusableModelException;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.VerdictFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How a judge is asked, and how its answer is read; {@code judge.json} in its model directory.
 *
 * @param prompt what the model reads, with {@code {question}}, {@code {a}} and {@code {b}}
 * @param format name of the verdict format it answers in
 * @param maxTokens most tokens of an answer
 */
public record JudgePrompt(String prompt, String format, int maxTokens) {

  /** Name of the file in a model directory. */
  public static final String FILE_NAME = "judge.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  public JudgePrompt {
    for (String place : new String[] {"{question}", "{a}", "{b}"}) {
      if (prompt == null || !prompt.contains(place)) {
        throw new IllegalArgumentException(
            "judge prompt: '%s' (expected: a text with %s)".formatted(prompt, place));
      }
    }
    if (VerdictFormat.named(format).mode() != JudgeMode.PAIRWISE) {
      throw new IllegalArgumentException(
          "format: '%s' (expected: a verdict format for two answers)".formatted(format));
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException(
          "maxTokens: %d (expected: at least 1)".formatted(maxTokens));
    }
  }

  /** The prompt that comes with a model directory. */
  public static JudgePrompt of(Path model) throws IOException {
    if (!Files.isDirectory(model)) {
      throw new UnusableModelException(model, List.of("there is no such directory"));
    }
    Path file = model.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "model %s has no %s (expected: how this judge is asked; or give --prompt and --format)"
              .formatted(model, FILE_NAME));
    }
    try {
      return JSON.readValue(file.toFile(), JudgePrompt.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + ": " + e.getOriginalMessage() + " (expected: prompt, format, maxTokens)", e);
    }
  }

  /** What the model reads for this question with these answers in this order. */
  public String render(String question, String first, String second) {
    return prompt.replace("{question}", question).replace("{a}", first).replace("{b}", second);
  }
}
