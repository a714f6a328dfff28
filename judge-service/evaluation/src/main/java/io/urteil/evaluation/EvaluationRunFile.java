package io.urteil.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.batch.BatchSection;
import io.urteil.batch.NoBatches;
import io.urteil.model.file.FileHash;
import io.urteil.reward.RewardRule;
import io.urteil.reward.rule.VerdictReward;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileWriter;
import io.urteil.run.judge.JudgeSection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The run file of an evaluation, with judges and without training. Rewards do not influence the
 * result, which is computed from judgements.
 *
 * @param evaluation prefix of the run ids: the benchmark and a hash of everything that decides a
 *     judgement
 * @param file the run file, whose name is {@code evaluation}
 * @param inputs files and directories that the judges refer to, with their SHA-256
 */
record EvaluationRunFile(String evaluation, RunFile file, SequencedMap<String, String> inputs) {

  private static final int HASH_LENGTH = 12;

  /**
   * Creates the run file.
   *
   * @param benchmark name of the benchmark
   * @param reward reward section of the judges' run file; null for none. Used only if its rule
   *     scores each member independently and reads no other judges
   * @param decided further inputs of the hash, which decide the presentations: data, orders, seed
   */
  static EvaluationRunFile of(
      String benchmark,
      SequencedMap<String, JudgeSection> judges,
      @Nullable RewardRule reward,
      List<String> decided) {
    RunFile unnamed =
        RunFile.builder(benchmark)
            .judges(judges)
            .reward(
                reward != null
                        && reward.scoresMembersIndependently()
                        && judges.keySet().containsAll(reward.judges())
                    ? reward
                    : defaultReward(judges.firstEntry().getKey()))
            .batch(BatchSection.DEFAULT.withKind(new NoBatches()))
            .build();
    JsonNode written = RunFileWriter.tree(unnamed).path("judges");
    SequencedMap<String, String> inputs = new LinkedHashMap<>();
    collectInputs(written, inputs);
    String all = benchmark + "\n" + written + "\n" + inputs + "\n" + String.join("\n", decided);
    String hash = FileHash.sha256(all.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_LENGTH);
    String evaluation = "evaluate-" + benchmark + "-" + hash;
    return new EvaluationRunFile(evaluation, unnamed.edit().run(evaluation).build(), inputs);
  }

  private static RewardRule defaultReward(String judge) {
    return VerdictReward.correct(judge, 0.0);
  }

  /** The names of the judges. */
  Set<String> judges() {
    return file.judges().keySet();
  }

  /** The run file of one session, under its run id. */
  RunFile run(String runId) {
    return file.edit().run(runId).build();
  }

  /** Whether any of the judges is groupwise. */
  boolean isGroupwise() {
    return file.hasGroupwiseJudge();
  }

  private static void collectInputs(JsonNode node, SequencedMap<String, String> inputs) {
    if (node.isTextual() && isFile(node.asText())) {
      inputs.put(node.asText(), sha256(Path.of(node.asText())));
    }
    node.forEach(child -> collectInputs(child, inputs));
  }

  /**
   * Whether a setting refers to a file. A text without separator and dot does not, even if such a
   * file exists.
   */
  private static boolean isFile(String text) {
    try {
      return (text.contains("/") || text.contains(".")) && Files.exists(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The hash of a file's bytes, or of a directory's file hashes by relative path. */
  static String sha256(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        return FileHash.sha256(path);
      }
      TreeMap<String, String> hashes = new TreeMap<>();
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          hashes.put(path.relativize(file).toString(), FileHash.sha256(file));
        }
      }
      return FileHash.sha256(hashes.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot hash " + path, e);
    }
  }
}
