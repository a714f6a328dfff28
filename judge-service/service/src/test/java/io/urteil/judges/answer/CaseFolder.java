package io.urteil.judges.answer;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cases outside of this source tree: JSON lines with the fields of the cases in it, below the
 * folder that {@code -Dtest.cases=FOLDER} names.
 */
final class CaseFolder {

  private static final String PROPERTY = "test.cases";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private CaseFolder() {}

  /** The cases of all files {@code *.jsonl} of a subfolder; skips the test without a folder. */
  static List<JsonNode> lines(String subfolder) throws IOException {
    String folder = System.getProperty(PROPERTY);
    assumeThat(folder)
        .as("more cases: run with -D%s=FOLDER, which has a subfolder '%s'", PROPERTY, subfolder)
        .isNotNull();
    List<JsonNode> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(String.valueOf(folder), subfolder))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".jsonl")).sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode node = MAPPER.readTree(line);
          if (!node.has("about")) {
            lines.add(node);
          }
        }
      }
    }
    return lines;
  }
}
