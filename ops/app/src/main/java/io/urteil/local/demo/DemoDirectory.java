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
 * The files of one demo: the seed judge, the prompts, and the run file made from {@code
 * ops/runs/arithmetic-judge.yaml} and the user's settings. From here on nothing knows that the task
 * is arithmetic.
 */
public final class DemoDirectory {

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
      RunFile template = template();
      int groups = template.batch().groups();
      int size = (settings.steps() + settings.lag() + 2) * groups + SPARE_GROUPS;
      Path training = directory.resolve("train.jsonl");
      Path heldOut = directory.resolve("heldout.jsonl");
      ArithmeticPrompts.write(ArithmeticPrompts.training(size, settings.seed()), training);
      ArithmeticPrompts.write(ArithmeticPrompts.heldOut(), heldOut);
      RunFile run = filledIn(template, settings, training, heldOut);
      // The run file comes last: a directory without one was never begun.
      Files.writeString(runFile(directory), run.text());
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException("preparing a demo in " + directory, e);
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
