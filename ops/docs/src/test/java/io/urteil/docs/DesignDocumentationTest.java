package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Topic;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The topics of {@code ops/docs/design.md} against those in code. */
class DesignDocumentationTest {

  private static final Pattern CONSTANT =
      Pattern.compile("\\(\"([a-z-]+)\", Retention\\.([A-Z_]+)\\)[,;]");
  private static final Map<String, String> RETENTIONS =
      Map.of("UNLIMITED", "unlimited", "ONE_WEEK", "one week", "COMPACTED", "compacted");

  @Test
  void shouldListEveryTopicWithPartitionsAndRetention() throws IOException {
    // Given
    String source = Repository.text("schemas/events/src/main/java/io/urteil/event/Topic.java");
    Map<String, String> retentions = new HashMap<>();
    Matcher constant = CONSTANT.matcher(source);
    while (constant.find()) {
      retentions.put(constant.group(1), String.valueOf(RETENTIONS.get(constant.group(2))));
    }

    // When
    DocumentationPage.Table table = DocumentationPage.read("ops/docs/design.md").table("Topics");

    // Then
    assertThat(table.rows().stream().map(DesignDocumentationTest::row))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Topic.values())
                .map(
                    topic ->
                        List.of(
                            topic.baseName(),
                            Integer.toString(topic.partitions()),
                            String.valueOf(retentions.get(topic.baseName()))))
                .toList());
  }

  private static List<String> row(List<String> cells) {
    return List.of(DocumentationPage.code(cells.get(0)), cells.get(3), cells.get(4));
  }
}
