package io.urteil.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataTableTest {

  /** Rows and problems, as one text each. */
  private static final class Read implements RowReader {
    private final List<ObjectNode> rows = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    @Override
    public void row(String position, ObjectNode row) {
      rows.add(row);
      seen.add(position + " " + row);
    }

    @Override
    public void invalid(String position, String problem) {
      seen.add(position + ": " + problem);
    }
  }

  private static Read read(String name, byte[] content) {
    Read read = new Read();
    DataTable.read(name, content, read);
    return read;
  }

  private static List<String> seen(String name, String text) {
    return read(name, text.getBytes(UTF_8)).seen;
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = DataTableTest.class.getResourceAsStream("/tables/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  @Test
  void shouldReadJsonLinesAndAnArray() {
    // When / Then
    assertThat(seen("a.jsonl", "{\"q\": 1}\n\n  {\"q\": \"é\"}\r\n"))
        .containsExactly("line 1 {\"q\":1}", "line 3 {\"q\":\"é\"}");
    assertThat(seen("a.json", "\n[{\"q\": 1},\n {\"q\": 2}]"))
        .containsExactly("item 0 {\"q\":1}", "item 1 {\"q\":2}");
    assertThat(seen("a.json", "\uFEFF[{\"q\": 1}]")).containsExactly("item 0 {\"q\":1}");
  }

  @Test
  void shouldGoOnAfterAnInvalidRow() {
    // When / Then
    assertThat(seen("a.jsonl", "{\"q\": 1} {\"q\": 2}\n[1\n\"x\"\n{\"q\": 3}"))
        .hasSize(4)
        .satisfies(
            seen -> {
              assertThat(seen.get(0)).startsWith("line 1: ").endsWith("(expected: a JSON object)");
              assertThat(seen.get(1)).startsWith("line 2: ").endsWith("(expected: a JSON object)");
              assertThat(seen.get(2)).isEqualTo("line 3: \"x\" (expected: a JSON object)");
              assertThat(seen.get(3)).isEqualTo("line 4 {\"q\":3}");
            });
  }

  @Test
  void shouldReadCsvWithQuotesAndLineEnds() {
    // When / Then
    assertThat(seen("a.csv", "q,a\n\"one, \"\"two\"\"\nthree\",\n4,5\n"))
        .containsExactly(
            "row 1 {\"q\":\"one, \\\"two\\\"\\nthree\"}", "row 2 {\"q\":\"4\",\"a\":\"5\"}");
    assertThat(seen("a.tsv", "q\ta\n1,2\t3\n"))
        .containsExactly("row 1 {\"q\":\"1,2\",\"a\":\"3\"}");
    assertThat(seen("a.csv", "q,a\n1\n2,3\n"))
        .containsExactly(
            "row 1: 1 values (expected: 2, as the header has)", "row 2 {\"q\":\"2\",\"a\":\"3\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reward-bench.parquet",
        "reward-bench-2.parquet",
        "ultrafeedback_binarized.parquet",
        "ppe-human.parquet",
        "ppe-math.parquet"
      })
  void shouldReadParquetInEveryCompression(String name) throws Exception {
    // When
    Read read = read(name, resource(name));

    // Then
    assertThat(read.rows).isNotEmpty();
    assertThat(read.seen).noneMatch(seen -> seen.contains(": not"));
  }

  @Test
  void shouldReadParquetAsWritten() throws Exception {
    // When / Then
    assertThat(read("x", resource("reward-bench.parquet")).seen)
        .hasSize(5)
        .endsWith(
            "row 5 {\"prompt\":\"What is 4+4?\",\"chosen\":\"8 ✓\",\"chosen_model\":\"m\","
                + "\"rejected\":\"9\",\"rejected_model\":\"n\",\"subset\":\"alpacaeval-easy\",\"id\":4}");
    assertThat(read("x", resource("ppe-math.parquet")).seen)
        .containsExactly(
            "row 1 {\"question_id\":\"7\",\"prompt\":\"1+1?\",\"response_1\":\"1\",\"response_2\":\"2\","
                + "\"response_3\":\"3\",\"scores\":[false,true,false],"
                + "\"sampled_conflict_pairs\":[[0,1],[1,2]]}");
    assertThat(read("x", resource("ultrafeedback_binarized.parquet")).seen.getFirst())
        .contains(
            "\"chosen\":[{\"content\":\"1+1?\",\"role\":\"user\"},{\"content\":\"2\",\"role\":\"assistant\"}]")
        .contains("\"score_chosen\":8.5");
  }

  @Test
  void shouldRejectWhatIsInNoFormat() throws Exception {
    // Given
    byte[] cut = resource("ppe-human.parquet");
    cut = Arrays.copyOf(cut, cut.length / 2);
    byte[] damaged = cut;

    // When / Then
    assertThatThrownBy(() -> read("a.jsonl", new byte[] {'{', (byte) 0xff, '}'}))
        .isInstanceOf(TableFormatException.class)
        .hasMessage("not UTF-8 text (expected: JSON lines, a JSON array, CSV or Parquet)");
    assertThatThrownBy(() -> read("a.csv", "q,q\n1,2\n".getBytes(UTF_8)))
        .isInstanceOf(TableFormatException.class)
        .hasMessageContaining("duplicate");
    assertThatThrownBy(() -> read("a.parquet", damaged))
        .isInstanceOf(TableFormatException.class)
        .hasMessageStartingWith("not a readable Parquet file: ");
  }

  @Test
  void shouldNotWaitForALibraryThatDoesNotReturn() {
    // Given
    ParquetRows rows = new ParquetRows(Duration.ofMillis(50));

    // When / Then
    assertThatThrownBy(() -> rows.step(() -> new CountDownLatch(1).await(1, TimeUnit.HOURS)))
        .isInstanceOf(IOException.class)
        .hasMessage("not a readable Parquet file: no row within 0 s");
  }

  @Test
  void shouldPassOnWhatTheReaderOfRowsThrows() throws Exception {
    // Given
    RowReader failing =
        new RowReader() {
          @Override
          public void row(String position, ObjectNode row) {
            throw new IllegalArgumentException(position);
          }

          @Override
          public void invalid(String position, String problem) {}
        };

    // When / Then
    for (String name : List.of("reward-bench.parquet", "rows.csv", "rows.jsonl")) {
      byte[] content =
          switch (name) {
            case "rows.csv" -> "q\n1\n".getBytes(UTF_8);
            case "rows.jsonl" -> "{}".getBytes(UTF_8);
            default -> resource(name);
          };
      assertThatThrownBy(() -> DataTable.read(name, content, failing))
          .isExactlyInstanceOf(IllegalArgumentException.class);
    }
  }

  @Property(tries = 200)
  void everyFormatHasTheSameRows(@ForAll("tables") List<Map<String, String>> table)
      throws IOException {
    // Given
    List<ObjectNode> rows =
        table.stream()
            .map(
                row -> {
                  ObjectNode object = JsonNodeFactory.instance.objectNode();
                  row.forEach(object::put);
                  return object;
                })
            .toList();
    String lines = rows.stream().map(Object::toString).collect(Collectors.joining("\n"));
    String csv =
        "a,b\n"
            + table.stream()
                .map(
                    row ->
                        quoted(row.getOrDefault("a", "")) + "," + quoted(row.getOrDefault("b", "")))
                .collect(Collectors.joining("\n"));

    // When / Then
    assertThat(read("t.jsonl", lines.getBytes(UTF_8)).rows).isEqualTo(rows);
    assertThat(read("t.json", rows.toString().getBytes(UTF_8)).rows).isEqualTo(rows);
    assertThat(read("t.csv", csv.getBytes(UTF_8)).rows).isEqualTo(rows);
    assertThat(read("t.csv.gz", packed(csv)).rows).isEqualTo(rows);
  }

  private static String quoted(String value) {
    return "\"" + value.replace("\"", "\"\"") + "\"";
  }

  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  @Provide
  Arbitrary<List<Map<String, String>>> tables() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withChars(
                "ab ,;\"'\t\n\r{}[]é✓\uD83D\uDE00"
                    .codePoints()
                    .mapToObj(Character::toString)
                    .filter(one -> one.length() == 1)
                    .collect(Collectors.joining())
                    .toCharArray())
            .ofMinLength(1)
            .ofMaxLength(12);
    return Arbitraries.maps(Arbitraries.of("a", "b"), text).ofSize(2).list().ofMinSize(1);
  }
}
