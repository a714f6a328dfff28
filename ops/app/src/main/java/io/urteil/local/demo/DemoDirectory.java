package io.urteil.local.demo;

import io.urteil.local.arithmetic.ArithmeticPrompts;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.local.train.RunDirectory;
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

/**
 * The files of one demo: the seed judge, the prompts, and the run file derived from {@code
 * ops/runs/arithmetic-judge.yaml} and the user's settings.
 */
public final class DemoDirectory {

  /** Extra groups that replace dropped ones. */
  private static final int SPARE_GROUPS = 64;

  private DemoDirectory() {}

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
      new RunDirectory(directory).write(run);
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
}
