package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of read and refused verdicts in {@code ops/docs/judges.md} against the parsers. */
class VerdictDocumentationTest {

  private static final String REFUSED = "unparseable";

  @Test
  void shouldReadAndRefuseEveryTextOfTheTable() throws IOException {
    for (List<String> row : rows()) {
      // Given
      VerdictFormat format = VerdictFormat.named(DocumentationPage.code(row.get(0)));
      String text = text(row.get(1));

      // When
      ParsedVerdict verdict = format.parse(text);

      // Then
      assertThat(spelled(verdict)).as(format.formatName() + ": " + text).isEqualTo(row.get(2));
    }
  }

  @Test
  void shouldShowForEveryFormatWhatIsReadAndWhatIsRefusedAndWhy() throws IOException {
    TreeSet<String> read = new TreeSet<>();
    TreeSet<String> refused = new TreeSet<>();
    for (List<String> row : rows()) {
      (row.get(2).equals(REFUSED) ? refused : read).add(DocumentationPage.code(row.get(0)));
      assertThat(row.get(3)).isNotBlank();
    }
    assertThat(read).containsExactlyInAnyOrderElementsOf(VerdictFormat.names());
    assertThat(refused).containsExactlyInAnyOrderElementsOf(VerdictFormat.names());
  }

  private static List<List<String>> rows() throws IOException {
    return DocumentationPage.read("ops/docs/judges.md")
        .table("What is read, and what is refused")
        .rows();
  }

  private static String text(String cell) {
    assertThat(cell).startsWith("`` ").endsWith(" ``");
    return cell.substring(3, cell.length() - 3).replace("\\n", "\n");
  }

  private static String spelled(ParsedVerdict verdict) {
    return switch (verdict) {
      case ParsedVerdict.Pairwise pairwise ->
          pairwise.scores().isEmpty() || pairwise.scores().contains(0.0)
              ? pairwise.preference().name()
              : numbers(pairwise.scores());
      case ParsedVerdict.Pointwise pointwise -> numbers(pointwise.scores());
      case ParsedVerdict.Listwise listwise -> numbers(listwise.scores());
      case ParsedVerdict.Abstained abstained -> "ABSTAIN";
      case ParsedVerdict.Unparseable unparseable -> REFUSED;
    };
  }

  private static String numbers(List<Double> scores) {
    return scores.stream()
        .map(score -> score == Math.rint(score) ? "%.0f".formatted(score) : score.toString())
        .collect(Collectors.joining(","));
  }
}
