package io.urteil.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.urteil.model.file.FileHash;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The run file of an evaluation: the judges, and nothing that trains. What they are paid for is of
 * no matter, since the figures are counted from the judgements.
 *
 * @param evaluation what the ids of its runs begin with: benchmark and hash of everything that
 *     decides a judgement
 * @param tree the run file without its name
 * @param inputs files that the judges name, with the SHA-256 of each
 */
record EvaluationRunFile(String evaluation, ObjectNode tree, SequencedMap<String, String> inputs) {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final int HASH_LENGTH = 12;

  /**
   * The run file of these judges.
   *
   * @param benchmark name of it
   * @param judges the section {@code judges}
   * @param reward the section {@code reward} of the run file that the judges come from; may be
   *     missing
   * @param decided what else decides which presentation is which: data, orders, seed
   */
  static EvaluationRunFile of(
      String benchmark, ObjectNode judges, JsonNode reward, List<String> decided) {
    ObjectNode tree = YAML.createObjectNode();
    tree.set("judges", judges);
    if (reward.isObject()) {
      tree.set("reward", reward);
    } else {
      tree.putObject("reward").put("rule", "correct").put("unparseable", 0);
    }
    tree.putObject("batch").put("kind", "none");
    SequencedMap<String, String> inputs = new LinkedHashMap<>();
    collect(judges, inputs);
    String all = benchmark + "\n" + judges + "\n" + inputs + "\n" + String.join("\n", decided);
    String hash = FileHash.sha256(all.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_LENGTH);
    return new EvaluationRunFile("evaluate-" + benchmark + "-" + hash, tree, inputs);
  }

  /** The names of the judges. */
  Set<String> judges() {
    Set<String> names = new LinkedHashSet<>();
    tree.path("judges").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The run file of one session. */
  RunFile run(String runId) {
    ObjectNode named = YAML.createObjectNode();
    named.put("run", runId);
    named.setAll(tree);
    try {
      return RunFileReader.read("run file", YAML.writeValueAsString(named));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that is no YAML: " + named, e);
    }
  }

  /** Whether any of the judges looks at candidates together. */
  boolean comparesMembers() {
    return run(evaluation).comparesMembers();
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
