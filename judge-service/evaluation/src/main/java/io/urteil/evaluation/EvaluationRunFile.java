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
 * The run file of an evaluation: the judges, and nothing that trains. What they are paid for is of
 * no matter, since the figures are counted from the judgements.
 *
 * @param evaluation what the ids of its runs begin with: benchmark and hash of everything that
 *     decides a judgement
 * @param file the run file, named by that
 * @param inputs files that the judges name, with the SHA-256 of each
 */
record EvaluationRunFile(String evaluation, RunFile file, SequencedMap<String, String> inputs) {

  private static final int HASH_LENGTH = 12;

  /**
   * The run file of these judges.
   *
   * @param benchmark name of it
   * @param reward of the run file that the judges come from; null for none. It is taken when it can
   *     price a member by itself and by these judges alone
   * @param decided what else decides which presentation is which: data, orders, seed
   */
  static EvaluationRunFile of(
      String benchmark,
      SequencedMap<String, JudgeSection> judges,
      @Nullable RewardRule reward,
      List<String> decided) {
    RunFile unnamed =
        RunFile.named(benchmark)
            .judges(judges)
            .reward(
                reward != null
                        && reward.scoresMembersIndependently()
                        && judges.keySet().containsAll(reward.judges())
                    ? reward
                    : plain(judges.firstEntry().getKey()))
            .batch(BatchSection.DEFAULT.withKind(new NoBatches()))
            .build();
    JsonNode written = RunFileWriter.tree(unnamed).path("judges");
    SequencedMap<String, String> inputs = new LinkedHashMap<>();
    collect(written, inputs);
    String all = benchmark + "\n" + written + "\n" + inputs + "\n" + String.join("\n", decided);
    String hash = FileHash.sha256(all.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_LENGTH);
    String evaluation = "evaluate-" + benchmark + "-" + hash;
    return new EvaluationRunFile(evaluation, unnamed.edit().run(evaluation).build(), inputs);
  }

  private static RewardRule plain(String judge) {
    return VerdictReward.correct(judge, 0.0);
  }

  /** The names of the judges. */
  Set<String> judges() {
    return file.judges().keySet();
  }

  /** The run file of one session. */
  RunFile run(String runId) {
    return file.edit().run(runId).build();
  }

  /** Whether any of the judges looks at candidates together. */
  boolean comparesMembers() {
    return file.comparesMembers();
  }

  private static void collect(JsonNode node, SequencedMap<String, String> inputs) {
    if (node.isTextual() && isFile(node.asText())) {
      inputs.put(node.asText(), sha256(Path.of(node.asText())));
    }
    node.forEach(child -> collect(child, inputs));
  }

  /** A word without a separator or an ending is no file, even where one is called so. */
  private static boolean isFile(String text) {
    try {
      return (text.contains("/") || text.contains(".")) && Files.exists(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Of a file its bytes, of a directory the hashes of its files by name. */
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
      throw new UncheckedIOException("hashing " + path, e);
    }
  }
}
