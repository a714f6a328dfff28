package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;

/**
 * Old records stay readable, and new ones readable to old processes: today's schemas are fully
 * compatible with every schema in {@code schemas/history}, and the history itself never changes.
 *
 * <p>After a compatible change of an {@code .avsc}, run this test once with {@code
 * URTEIL_HISTORY=write} in the environment and commit the file it adds.
 */
class SchemaHistoryTest {

  private static final Path FOLDER = Path.of("src/main/resources/schemas/history");

  @Test
  void shouldKeepEveryCurrentSchemaInTheHistory() throws IOException {
    // Given
    TreeSet<Long> known = new TreeSet<>();
    SchemaHistory.load().forEach(schema -> known.add(EventCodec.fingerprint(schema)));

    // When
    List<Schema> missing =
        EventCodec.EVENTS.stream()
            .filter(schema -> !known.contains(EventCodec.fingerprint(schema)))
            .toList();

    // Then
    if ("write".equals(System.getenv("URTEIL_HISTORY"))) {
      for (Schema schema : missing) {
        add(schema);
      }
    } else {
      assertThat(missing).extracting(Schema::getName).as("schemas not in %s", FOLDER).isEmpty();
    }
  }

  @Test
  void shouldHaveChangedNoSchemaOfTheHistory() {
    for (String name : SchemaHistory.resource("index.txt").lines().toList()) {
      Schema schema = new Schema.Parser().parse(SchemaHistory.resource(name));

      assertThat(name).isEqualTo(fileName(schema));
    }
  }

  @Test
  void shouldBeCompatibleBothWaysWithAllOfTheHistory() {
    for (Schema past : SchemaHistory.load()) {
      for (Schema current : EventCodec.EVENTS) {
        if (current.getFullName().equals(past.getFullName())) {
          assertThat(compatibility(current, past)).as("new reads old").isEqualTo(COMPATIBLE);
          assertThat(compatibility(past, current)).as("old reads new").isEqualTo(COMPATIBLE);
        }
      }
    }
  }

  @Test
  void shouldDocumentEveryFieldAndGiveEveryEnumADefault() {
    EventCodec.EVENTS.forEach(SchemaHistoryTest::assertDocumented);
  }

  private static final SchemaCompatibilityType COMPATIBLE = SchemaCompatibilityType.COMPATIBLE;

  private static void assertDocumented(Schema schema) {
    switch (schema.getType()) {
      case RECORD -> {
        assertThat(schema.getDoc()).as(schema.getName()).isNotBlank();
        for (Schema.Field field : schema.getFields()) {
          assertThat(field.doc()).as("%s.%s", schema.getName(), field.name()).isNotBlank();
          assertDocumented(field.schema());
        }
      }
      case ENUM -> assertThat(schema.getEnumDefault()).as(schema.getName()).isNotNull();
      case ARRAY -> assertDocumented(schema.getElementType());
      case MAP -> assertDocumented(schema.getValueType());
      case UNION -> schema.getTypes().forEach(SchemaHistoryTest::assertDocumented);
      default -> {}
    }
  }

  private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
  }

  private static String fileName(Schema schema) {
    return "%s-%016x.avsc".formatted(schema.getName(), EventCodec.fingerprint(schema));
  }

  private static void add(Schema schema) throws IOException {
    Files.writeString(FOLDER.resolve(fileName(schema)), schema.toString(true) + "\n");
    Files.writeString(
        FOLDER.resolve("index.txt"), fileName(schema) + "\n", StandardOpenOption.APPEND);
  }
}
