package io.urteil.local.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The benchmark {@code arithmetic} of {@code urteil evaluate}, which knows of it only as data. */
class HeldOutPairsTest {

  @Test
  void shouldBeTheHeldOutProblemsThatTheDemoIsEvaluatedOn() throws IOException {
    // Given
    ObjectMapper json = new ObjectMapper();
    List<String> prompts = new ArrayList<>();
    List<String> references = new ArrayList<>();

    // When
    for (String line : Files.readAllLines(Path.of("../data/arithmetic/heldout.jsonl"))) {
      JsonNode pair = json.readTree(line);
      prompts.add(
          pair.path("question").asText()
              + "?A"
              + pair.path("a").asText()
              + "B"
              + pair.path("b").asText());
      references.add(pair.path("better").asText());
    }

    // Then
    List<ArithmeticPrompts.Arm> heldOut =
        ArithmeticPrompts.heldOut().stream().map(line -> line.arms().getFirst()).toList();
    assertThat(prompts).isEqualTo(heldOut.stream().map(ArithmeticPrompts.Arm::prompt).toList());
    assertThat(references)
        .isEqualTo(heldOut.stream().map(ArithmeticPrompts.Arm::reference).toList());
  }
}
