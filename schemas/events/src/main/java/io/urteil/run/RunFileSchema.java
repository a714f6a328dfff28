package io.urteil.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.run.keys.Keys;
import io.urteil.run.keys.SectionSchema;

/**
 * The JSON Schema of a run file, generated from the keys of the reader. Editors complete and check
 * run files with it. Conditions between sections are checked by the reader only.
 */
public final class RunFileSchema {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private RunFileSchema() {}

  /** The schema as text. */
  public static String text() {
    SectionSchema sections = new SectionSchema();
    RunFileSections.of(Keys.describe(sections));
    ObjectNode schema = SectionSchema.JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Run file of Urteil");
    schema.setAll(sections.finished());
    try {
      return JSON.writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write as JSON: " + schema, e);
    }
  }
}
