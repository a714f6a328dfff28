package io.urteil.judges.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The math comparison against math-verify 0.9.0 on 2,000 generated pairs ({@code
 * math_differences.py}). Whether a pair is the same is known by construction.
 */
class MathVerifyTest {

  private final MathComparison math = new MathComparison();

  /** A generated pair; same is the truth, mathVerify its verdict. */
  record Pair(String kind, String reference, String answer, boolean same, boolean mathVerify) {

    String row(boolean ours) {
      return String.join("\t", kind, reference, answer, said(same), said(ours), said(mathVerify));
    }

    private static String said(boolean equal) {
      return equal ? "equal" : "different";
    }
  }

  @Test
  void shouldDecideEveryPairAsItWasConstructed() throws IOException {
    // Given
    List<Pair> pairs = pairs();

    // When
    List<Pair> others =
        pairs.stream()
            .filter(pair -> math.equal(pair.answer(), pair.reference()) != pair.same())
            .toList();

    // Then
    assertThat(pairs).hasSize(2_000);
    assertThat(others).isEmpty();
  }

  @Test
  void shouldDifferFromMathVerifyOnlyWhereTheTableExplainsIt() throws IOException {
    // Given
    List<String> explained = new ArrayList<>();
    for (String line : resource("math-verify-differences.tsv").split("\n")) {
      if (!line.startsWith("#")) {
        assertThat(line.split("\t")).as(line).hasSize(7);
        explained.add(line.substring(0, line.lastIndexOf('\t')));
      }
    }

    // When
    List<String> differences = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    for (Pair pair : pairs()) {
      boolean ours = math.equal(pair.answer(), pair.reference());
      if (ours != pair.mathVerify()) {
        differences.add(pair.row(ours));
        counts.merge(pair.kind(), 1, Integer::sum);
      }
    }

    // Then
    System.out.println(
        "math-verify: %d of 2000 pairs decided otherwise: %s"
            .formatted(differences.size(), counts));
    assertThat(explained).containsExactlyInAnyOrderElementsOf(differences);
  }

  private static List<Pair> pairs() throws IOException {
    try (InputStream in = MathVerifyTest.class.getResourceAsStream("math-verify-pairs.jsonl")) {
      assertThat(in).isNotNull();
      try (MappingIterator<Pair> lines = new ObjectMapper().readerFor(Pair.class).readValues(in)) {
        return lines.readAll();
      }
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = MathVerifyTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
