package io.urteil.local.arithmetic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.urteil.evaluation.report.Machine;
import io.urteil.model.file.FileHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Provenance and accuracy of a seed judge, the content of {@code seed-judge.json} in its directory.
 *
 * @param sha256 SHA-256 of model.safetensors, in hexadecimal
 * @param seed seed of weights and demonstrations
 * @param cleanAccuracy held-out accuracy after the clean phase, sampled at temperature 1
 * @param accuracy held-out accuracy of the finished seed judge, sampled at temperature 1
 * @param greedyAccuracy held-out accuracy of the finished seed judge at temperature 0
 * @param readable share of readable verdicts at temperature 1
 * @param seconds wall time of training and measurement
 * @param machine architecture, processors and Java version of the training machine
 */
public record SeedJudgeRecord(
    String sha256,
    long seed,
    double cleanAccuracy,
    double accuracy,
    double greedyAccuracy,
    double readable,
    double seconds,
    String machine) {

  /** The record of the seed judge in {@code directory}. */
  public static SeedJudgeRecord of(
      Path directory, long seed, HeldOutAccuracy clean, HeldOutAccuracy finished, double seconds)
      throws IOException {
    return new SeedJudgeRecord(
        FileHash.sha256(directory.resolve("model.safetensors")),
        seed,
        clean.sampled(),
        finished.sampled(),
        finished.greedy(),
        finished.readable(),
        seconds,
        Machine.description());
  }

  /** Writes {@code seed-judge.json} into the model directory. */
  public void writeBeside(Path directory) throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    Files.writeString(directory.resolve("seed-judge.json"), json.writeValueAsString(this) + "\n");
  }
}
