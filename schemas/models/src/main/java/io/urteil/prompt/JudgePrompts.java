package io.urteil.prompt;

import io.urteil.prompt.frame.Framing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The built-in judge prompts, one per judge system and output format. */
public final class JudgePrompts {

  private static final List<String> NAMES =
      List.of(
          "judgelrm-pairwise",
          "judgelrm-single",
          "j1-verdict",
          "j1-scores",
          "j1-verdict-scores",
          "j1-pointwise",
          "rrm",
          "rm-r1",
          "rm-r1-reasoning",
          "thinkj-verdict",
          "thinkj-strength",
          "thinkj-scores",
          "thinkj-score",
          "self-verify",
          "self-taught",
          "self-judge",
          "prometheus-score",
          "prometheus-pairwise",
          "pairwise-with-tie",
          "assistant-scores",
          "yes-no",
          "json-score",
          "json-verdict",
          "json-scores",
          "ruler");

  /** The judge prompt in the directory of a model that is a judge. */
  public static final String MODEL_FILE = "judge-prompt.yaml";

  private static final Map<String, JudgePrompt> READ = new ConcurrentHashMap<>();

  private JudgePrompts() {}

  /** The names of all built-in prompts. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The built-in prompt of this name, with another framing if the name ends with {@code +marked} or
   * {@code +plain}.
   *
   * @throws IllegalArgumentException for an unknown name, with the known ones
   */
  public static JudgePrompt named(String name) {
    int framing = name.indexOf('+');
    if (framing >= 0) {
      return named(name.substring(0, framing)).with(Framing.of(name.substring(framing + 1)));
    }
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "judge prompt: '%s' (expected: one of %s, such a name with +marked or +plain, or a .yaml file)"
              .formatted(name, String.join(", ", NAMES)));
    }
    return READ.computeIfAbsent(name, JudgePrompts::read);
  }

  /**
   * The built-in prompt of this name, or the prompt in this file if the name ends with {@code
   * .yaml} or {@code .yml}.
   *
   * @throws IllegalArgumentException when the prompt is unknown, unreadable or invalid
   */
  public static JudgePrompt find(String nameOrFile) {
    if (!isFile(nameOrFile)) {
      return named(nameOrFile);
    }
    try {
      return JudgePrompt.read(nameOrFile, Files.readString(Path.of(nameOrFile)));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "judge prompt: cannot read '%s': %s (expected: a file in UTF-8)".formatted(nameOrFile, e),
          e);
    }
  }

  /** Whether this is a file, not the name of a built-in prompt. */
  public static boolean isFile(String nameOrFile) {
    return nameOrFile.endsWith(".yaml") || nameOrFile.endsWith(".yml");
  }

  /**
   * The prompt file in a model directory.
   *
   * @throws IllegalArgumentException when the file does not exist
   */
  public static Path fileOf(Path model) {
    Path file = model.resolve(MODEL_FILE);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "model %s has no %s (expected: its judge prompt, or --prompt with the name of one)"
              .formatted(model, MODEL_FILE));
    }
    return file;
  }

  private static JudgePrompt read(String name) {
    String resource = name + ".yaml";
    try (InputStream in = JudgePrompts.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("judge prompt " + resource + " is not on the class path");
      }
      return JudgePrompt.read(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
