package io.urteil.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The judge prompts that come with the service, one a judge system and output format. */
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

  /** The prompt file of a model directory whose model is a judge: how that judge is asked. */
  public static final String MODEL_FILE = "judge-prompt.yaml";

  private static final Map<String, JudgePrompt> READ = new ConcurrentHashMap<>();

  private JudgePrompts() {}

  /** The names of all of them. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The prompt of this name.
   *
   * @throws IllegalArgumentException naming the prompts there are
   */
  public static JudgePrompt named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "judge prompt: '%s' (expected: one of %s, or a .yaml file)"
              .formatted(name, String.join(", ", NAMES)));
    }
    return READ.computeIfAbsent(name, JudgePrompts::read);
  }

  /**
   * The prompt of this name, or in this file when it ends with {@code .yaml} or {@code .yml}.
   *
   * @throws IllegalArgumentException when there is none or it cannot be used
   */
  public static JudgePrompt find(String nameOrFile) {
    if (!nameOrFile.endsWith(".yaml") && !nameOrFile.endsWith(".yml")) {
      return named(nameOrFile);
    }
    try {
      return JudgePrompt.read(nameOrFile, Files.readString(Path.of(nameOrFile)));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "judge prompt: '%s' cannot be read: %s (expected: a file in UTF-8)"
              .formatted(nameOrFile, e),
          e);
    }
  }

  /**
   * The prompt file of a model directory.
   *
   * @throws IllegalArgumentException when it has none
   */
  public static Path fileOf(Path model) {
    Path file = model.resolve(MODEL_FILE);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "model %s has no %s (expected: how this judge is asked; or --prompt with the name of a judge prompt)"
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
