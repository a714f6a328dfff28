package io.urteil.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * All released schemas, under {@code schemas/history} on the class path, so that old records can be
 * decoded without the schemas topic. {@code index.txt} lists them. A test fails if one changes, or
 * if a current schema is not fully compatible with all of them.
 */
public final class SchemaHistory {

  static final String FOLDER = "/schemas/history/";

  private SchemaHistory() {}

  /** All released schemas, oldest first. */
  public static List<Schema> load() {
    List<Schema> schemas = new ArrayList<>();
    for (String line : resource("index.txt").lines().toList()) {
      if (!line.isBlank()) {
        schemas.add(new Schema.Parser().parse(resource(line.strip())));
      }
    }
    return schemas;
  }

  static String resource(String name) {
    try (InputStream in = SchemaHistory.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + FOLDER + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line + "\n")
          .collect(Collectors.joining());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FOLDER + name, e);
    }
  }
}
