package io.urteil.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.urteil.event.ContentHash;
import io.urteil.run.keys.Keys;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a run file. Unknown keys, wrong types and impossible values are rejected together, each
 * with its path, its value and the expectation.
 */
public final class RunFileReader {

  /**
   * Maximum length of a run file in characters. The YAML reader needs time that grows with the
   * square of the length of a word, and every component reads every published run file.
   */
  public static final int MAX_CHARACTERS = 1 << 18;

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private RunFileReader() {}

  /**
   * @param name of the file, for messages
   * @param text YAML
   * @throws RunFileException naming every problem
   */
  public static RunFile read(String name, String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new RunFileException(
          name,
          List.of(
              "(the file): %d characters (expected: at most %d)"
                  .formatted(text.length(), MAX_CHARACTERS)));
    }
    List<String> problems = new ArrayList<>();
    try {
      RunFile.Builder sections = RunFileSections.of(Keys.read(root(name, text), problems));
      if (problems.isEmpty()) {
        return new RunFile(sections, text, ContentHash.of(text));
      }
    } catch (RunFileException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // Run files come from topics, too: one that breaks the reader must not break a component.
      throw new RunFileException(name, List.of("unreadable: " + e), e);
    }
    throw new RunFileException(name, problems);
  }

  private static JsonNode root(String name, String text) {
    try {
      JsonNode root = YAML.readTree(text);
      return root == null ? MissingNode.getInstance() : root;
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : "line %d, column %d: "
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new RunFileException(name, List.of(where + e.getOriginalMessage()));
    }
  }
}
