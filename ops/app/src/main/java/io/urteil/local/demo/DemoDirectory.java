package io.urteil.local.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.urteil.local.arithmetic.ArithmeticPrompts;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The files of one demo: the seed judge, the prompts, and the run file made from {@code
 * ops/runs/arithmetic-judge.yaml} and the user's settings. From here on nothing knows that the task
 * is arithmetic.
 */
public final class DemoDirectory {

  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES));

  /** Groups beyond the planned ones, for those that are dropped. */
  private static final int SPARE_GROUPS = 64;

  private DemoDirectory() {}

  /** The run file's place within a demo's directory. */
  public static Path runFile(Path directory) {
    return directory.resolve("run.yaml");
  }

  /** Whether a demo was begun here. */
  public static boolean begun(Path directory) {
    return Files.exists(runFile(directory));
  }

  /** Reads the run of a demo that was begun here. */
  public static RunFile resume(Path directory) {
    try {
      Path file = runFile(directory);
      return RunFileReader.read(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("reading the run file of a demo in " + directory, e);
    }
  }

  /** Writes the files of a new demo and reads its run. */
  public static RunFile begin(DemoSettings settings) {
    Path directory = settings.directory();
    try {
      Files.createDirectories(directory);
      SeedJudge.copyTo(directory.resolve("seed-judge"));
      ObjectNode run = template();
      int groups = run.path("batch").path("groups").asInt();
      int size = (settings.steps() + settings.lag() + 2) * groups + SPARE_GROUPS;
      Path training = directory.resolve("train.jsonl");
      Path heldOut = directory.resolve("heldout.jsonl");
      ArithmeticPrompts.write(ArithmeticPrompts.training(size, settings.seed()), training);
      ArithmeticPrompts.write(ArithmeticPrompts.heldOut(), heldOut);
      String text = YAML.writeValueAsString(filledIn(run, settings, training, heldOut));
      // The run file comes last: a directory without one was never begun.
      Files.writeString(runFile(directory), text);
      return RunFileReader.read(runFile(directory).toString(), text);
    } catch (IOException e) {
      throw new UncheckedIOException("preparing a demo in " + directory, e);
    }
  }

  private static ObjectNode template() throws IOException {
    String name = "/runs/arithmetic-judge.yaml";
    try (InputStream in = DemoDirectory.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return (ObjectNode) YAML.readTree(in);
    }
  }

  private static ObjectNode filledIn(
      ObjectNode run, DemoSettings settings, Path training, Path heldOut) {
    run.put("run", "%s-seed%d".formatted(run.path("run").asText(), settings.seed()));
    ((ObjectNode) run.path("policy"))
        .put("model", settings.directory().resolve("seed-judge").toString());
    ((ObjectNode) run.path("data"))
        .put("prompts", training.toString())
        .put("seed", settings.seed());
    ((ObjectNode) run.path("staleness"))
        .put("maxVersionsBehind", settings.lag())
        .put("exact", true);
    ((ObjectNode) run.path("train"))
        .put("steps", settings.steps())
        .put("learningRate", settings.learningRate())
        .put("importance", settings.behaviourLogprobs() ? "behaviour" : "none");
    ((ObjectNode) run.path("checkpoint")).put("keep", settings.lag() + 5);
    ((ObjectNode) run.path("evaluate"))
        .put("prompts", heldOut.toString())
        .put("every", settings.evaluateEvery());
    return run;
  }

  /** A fresh directory under {@code root}, named by number. */
  public static Path fresh(Path root) {
    for (int number = 1; ; number++) {
      Path directory = root.resolve(String.format(Locale.ROOT, "demo-%03d", number));
      if (!Files.exists(directory)) {
        return directory;
      }
    }
  }

  /** The newest demo under {@code root} that was begun, or {@code root/demo-001}. */
  public static Path newest(Path root) {
    Path next = fresh(root);
    int number = Integer.parseInt(next.getFileName().toString().substring("demo-".length()));
    return number == 1 ? next : root.resolve(String.format(Locale.ROOT, "demo-%03d", number - 1));
  }
}
