package io.urteil.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.urteil.run.keys.Keys;
import io.urteil.run.keys.SectionSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes a run file as YAML: keys in the order of {@code ops/docs/run-file.md}, without default
 * values. {@link RunFileReader} reads an equal run file from the result.
 */
public final class RunFileWriter {

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .stringQuotingChecker(new Quotes())
              .build());

  private RunFileWriter() {}

  /** The YAML of a run file, independent of the text that it was read from. */
  public static String write(RunFile file) {
    return print(checked(file.edit()).tree());
  }

  /** The content of a run file as a tree; a copy. */
  public static ObjectNode tree(RunFile file) {
    return checked(file.edit()).tree();
  }

  /**
   * @param sections as the reader reads them from the tree
   * @param tree the content of the run file
   */
  record Checked(RunFile.Builder sections, ObjectNode tree) {}

  /**
   * The tree of these sections.
   *
   * @throws RunFileException naming every problem that the reader would report
   */
  static Checked checked(RunFile.Builder sections) {
    ObjectNode tree = SectionSchema.JSON.objectNode();
    List<String> problems = new ArrayList<>();
    RunFile.Builder read = RunFileSections.of(Keys.write(sections, tree, problems));
    if (!problems.isEmpty()) {
      throw new RunFileException(sections.run, problems);
    }
    return new Checked(read, tree);
  }

  static String print(ObjectNode tree) {
    try {
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write as YAML: " + tree, e);
    }
  }

  /** Quotes every text that a reader of YAML 1.1 or 1.2 might parse as another type. */
  private static final class Quotes extends StringQuotingChecker {

    private static final long serialVersionUID = 1;
    private static final Pattern PLAIN =
        Pattern.compile(
            "(?!(?i:y|n|yes|no|on|off|true|false|null)$)"
                + "(?:\\.{0,2}/)?[A-Za-z_](?:[A-Za-z0-9_./ ,+-]|:(?=[^ ]))*|[0-9]+(?:ms|s|m|h)");

    @Override
    public boolean needToQuoteName(String name) {
      return !PLAIN.matcher(name).matches() || name.endsWith(" ");
    }

    @Override
    public boolean needToQuoteValue(String value) {
      return !PLAIN.matcher(value).matches() || value.endsWith(" ");
    }
  }
}
