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
 * Every schema that was ever released, kept under {@code schemas/history} on the class path, so
 * that old records stay readable without asking anybody. {@code index.txt} lists them; a test fails
 * when one is changed, or when today's schemas are not fully compatible with all of them.
 */
public final class SchemaHistory {

  static final String FOLDER = "/schemas/history/";

  private SchemaHistory() {}

  /** All past schemas, oldest first. */
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
      throw new UncheckedIOException("reading " + FOLDER + name, e);
    }
  }
}
