package io.urteil.cli.option;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --report FILE}: the file to which a command writes its figures as one JSON object. */
public final class ReportOption {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .findAndRegisterModules()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write the figures to this file as one JSON object; ops/docs/reports.md defines them.")
  private @Nullable Path file;

  /** The report's file; null without {@code --report}. */
  public @Nullable Path file() {
    return file;
  }

  /** Writes the report, and creates missing directories; does nothing without {@code --report}. */
  public void write(Object report) throws IOException {
    if (file == null) {
      return;
    }
    Path absolute = file.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(absolute, json(report) + "\n");
  }

  /** The report as JSON text. */
  public static String json(Object report) throws IOException {
    return JSON.writeValueAsString(report);
  }
}
