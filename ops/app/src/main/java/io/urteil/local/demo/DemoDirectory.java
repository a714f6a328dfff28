package io.urteil.local.demo;

import io.urteil.local.arithmetic.ArithmeticPrompts;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.run.EvaluateSection;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.StalenessSection;
import io.urteil.run.TrainSection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The files of one demo: the seed judge, the prompts, and the run file derived from {@code
 * ops/runs/arithmetic-judge.yaml} and the user's settings.
 */
public final class DemoDirectory {

  /** Extra groups that replace dropped ones. */
  private static final int SPARE_GROUPS = 64;

  private DemoDirectory() {}

  /** Path of the run file in the directory of a demo. */
  public static Path runFile(Path directory) {
    return directory.resolve("run.yaml");
  }

  /** Whether a directory contains a demo. */
  public static boolean isStarted(Path directory) {
    return Files.exists(runFile(directory));
  }

  /** Reads the run file of an existing demo. */
  public static RunFile resume(Path directory) {
    try {
      Path file = runFile(directory);
      return RunFileReader.read(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the run file of the demo in " + directory, e);
    }
  }

  /** Writes the files of a new demo and returns its run file. */
  public static RunFile create(DemoSettings settings) {
    Path directory = settings.directory();
    try {
      Files.createDirectories(directory);
      SeedJudge.copyTo(directory.resolve("seed-judge"));
      RunFile template = template();
      int groups = template.batch().groups();
      int size = (settings.steps() + settings.lag() + 2) * groups + SPARE_GROUPS;
      Path training = directory.resolve("train.jsonl");
      Path heldOut = directory.resolve("heldout.jsonl");
      ArithmeticPrompts.write(ArithmeticPrompts.training(size, settings.seed()), training);
      ArithmeticPrompts.write(ArithmeticPrompts.heldOut(), heldOut);
      RunFile run = filledIn(template, settings, training, heldOut);
      // The run file is written last: a directory without one does not contain a demo.
      Files.writeString(runFile(directory), run.text());
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare a demo in " + directory, e);
    }
  }

  private static RunFile template() throws IOException {
    String name = "/runs/arithmetic-judge.yaml";
    try (InputStream in = DemoDirectory.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return RunFileReader.read(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static RunFile filledIn(
      RunFile template, DemoSettings settings, Path training, Path heldOut) {
    return template
        .edit()
        .run("%s-seed%d".formatted(template.run(), settings.seed()))
        .policy(new PolicySection(settings.directory().resolve("seed-judge")))
        .data(data -> data.withPrompts(training).withSeed(settings.seed()))
        .staleness(new StalenessSection(settings.lag(), true))
        .train(
            train ->
                train
                    .withSteps(settings.steps())
                    .withLearningRate(settings.learningRate())
                    .withImportance(
                        settings.behaviourLogprobs()
                            ? TrainSection.Importance.BEHAVIOUR
                            : TrainSection.Importance.NONE))
        .checkpoint(checkpoint -> checkpoint.withKeep(settings.lag() + 5))
        .evaluate(
            evaluate -> new EvaluateSection(settings.evaluateEvery(), heldOut, evaluate.size()))
        .build();
  }

  /**
   * The path of the first unused directory {@code demo-001}, {@code demo-002}, … under {@code
   * root}.
   */
  public static Path unused(Path root) {
    for (int number = 1; ; number++) {
      Path directory = root.resolve(String.format(Locale.ROOT, "demo-%03d", number));
      if (!Files.exists(directory)) {
        return directory;
      }
    }
  }

  /** The demo directory with the highest number under {@code root}, or {@code root/demo-001}. */
  public static Path newest(Path root) {
    Path next = unused(root);
    int number = Integer.parseInt(next.getFileName().toString().substring("demo-".length()));
    return number == 1 ? next : root.resolve(String.format(Locale.ROOT, "demo-%03d", number - 1));
  }
}
