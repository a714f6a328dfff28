package io.urteil.local.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.local.arithmetic.ArithmeticPrompts.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArithmeticPromptsTest {

  @Property(tries = 20)
  void shouldNeverTrainOnHeldOutOperands(@ForAll long seed) {
    // Given
    Set<String> heldOut = operands(ArithmeticPrompts.heldOut());

    // When
    Set<String> training = operands(ArithmeticPrompts.training(2_000, seed));

    // Then
    assertThat(training).doesNotContainAnyElementsOf(heldOut);
  }

  @Test
  void shouldHoldOutTwoHundredDifferentProblems() {
    // When
    List<Line> lines = ArithmeticPrompts.heldOut();

    // Then
    assertThat(lines).hasSize(200);
    assertThat(operands(lines)).hasSize(200);
    assertThat(lines).extracting(Line::id).doesNotHaveDuplicates();
  }

  @Test
  void shouldShowTheRightCandidateOnceInEachPlace() {
    // When
    List<Line> lines = ArithmeticPrompts.training(500, 1);

    // Then
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.arms()).extracting(arm -> arm.name()).containsExactly("AB", "BA");
              assertThat(line.arms())
                  .extracting(arm -> arm.reference())
                  .containsExactlyInAnyOrder("A", "B");
            });
    assertThat(lines.stream().filter(line -> line.arms().getFirst().reference().equals("A")))
        .hasSizeBetween(200, 300);
  }

  @Test
  void shouldBeginWithTheShorterListWhenMorePromptsAreAskedFor() {
    // When
    List<Line> more = ArithmeticPrompts.training(50, 7);

    // Then
    assertThat(more).startsWith(ArithmeticPrompts.training(20, 7).toArray(Line[]::new));
    assertThat(more).isNotEqualTo(ArithmeticPrompts.training(50, 8));
  }

  @Test
  void shouldWriteOneJsonObjectALine(@TempDir Path directory) throws Exception {
    // Given
    Path file = directory.resolve("prompts.jsonl");
    Line line = Line.of("one", new Problem(439, 496, 933, false));

    // When
    ArithmeticPrompts.write(List.of(line, line), file);

    // Then
    String json =
        """
        {"id":"one","arms":[\
        {"name":"AB","prompt":"439+496?A933B935","reference":"B"},\
        {"name":"BA","prompt":"439+496?A935B933","reference":"A"}]}
        """;
    assertThat(file).hasContent(json + json);
    assertThat(Files.readString(file)).endsWith("}\n");
  }

  private static Set<String> operands(List<Line> lines) {
    return lines.stream()
        .map(line -> line.arms().getFirst().prompt().substring(0, 7))
        .collect(Collectors.toCollection(HashSet::new));
  }
}
