package io.urteil.cli.service;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.local.arithmetic.HeldOutAccuracy;
import io.urteil.local.arithmetic.SeedJudgeRecord;
import io.urteil.local.arithmetic.SeedJudgeTraining;
import io.urteil.local.arithmetic.SeedJudgeTraining.Phase;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil seed-judge}. */
@Command(
    name = "seed-judge",
    description = {
      "Trains the demo's seed judge by supervised fine-tuning: first correct working, then typical"
          + " faults.",
      "Takes about five minutes on one core. The same seed on the same machine produces the same"
          + " bytes."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil seed-judge --out /tmp/seed-judge",
      "  urteil seed-judge --out /tmp/seed-judge-7 --seed 7 --report seed.json"
    })
public final class SeedJudgeCommand extends UrteilSubcommand {

  private static final int LOSS_EVERY = 100;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Output directory of the Hugging Face model; must not exist.")
  private Path directory = Path.of("");

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of weights and demonstrations (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    if (Files.exists(directory)) {
      throw new IllegalArgumentException(
          "--out: " + directory + " exists (expected: a new directory)");
    }
    long begin = System.nanoTime();
    Path work = Files.createTempDirectory("seed-judge");
    PrintWriter out = output();
    HeldOutAccuracy clean;
    HeldOutAccuracy faults;
    try (SeedJudgeTraining training = new SeedJudgeTraining(work.resolve("files"), seed)) {
      clean = phase(training, Phase.CLEAN, work.resolve("clean"), out);
      faults = phase(training, Phase.FAULTS, directory, out);
    }
    SeedJudgeRecord record =
        SeedJudgeRecord.of(directory, seed, clean, faults, (System.nanoTime() - begin) / 1e9);
    record.writeBeside(directory);
    report.write(record);
    out.println("model.safetensors sha256 " + record.sha256());
    out.println("seed judge in " + directory.toAbsolutePath());
    return ExitCode.OK;
  }

  private HeldOutAccuracy phase(SeedJudgeTraining training, Phase phase, Path to, PrintWriter out)
      throws IOException {
    String name = phase.name().toLowerCase(java.util.Locale.ROOT);
    training.run(
        phase,
        (p, step, loss) -> {
          if (step % LOSS_EVERY == 0 || step == p.steps()) {
            out.println("%s %d/%d loss %.4f".formatted(name, step, p.steps(), loss));
          }
        });
    training.write(to);
    HeldOutAccuracy accuracy = HeldOutAccuracy.of(to, seed);
    out.println(
        "%s held-out accuracy %.3f sampled, %.3f greedy, %.3f readable, %.1f tokens"
            .formatted(
                name,
                accuracy.sampled(),
                accuracy.greedy(),
                accuracy.readable(),
                accuracy.meanLength()));
    return accuracy;
  }
}
