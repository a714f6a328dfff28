package io.urteil.chat.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.engine.EngineException;
import io.urteil.run.judge.RubricJudge.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Responses with nodes, numbers and bytes replaced at random: each fails with an {@link
 * EngineException}, or is read as what an independent reading of the same text finds.
 */
class DamagedDecisionsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String[] VALUES = {
    "null",
    "0",
    "1",
    "-1",
    "0.5",
    "0.25",
    "1.01",
    "1e308",
    "1e400",
    "-0.0",
    "1e-9",
    "\"\"",
    "\"0.5\"",
    "\"NaN\"",
    "\"refusal\"",
    "\"noul\"",
    "\"predicate\"",
    "\"casual\"",
    "\"formal\"",
    "\"correct\"",
    "\"help\"",
    "[]",
    "{}",
    "true",
    "false",
    "2147483648",
    "{\"0\": 1}"
  };

  private static final RemoteDecisionModel SYSTEM_ONE = DecisionFixtures.model(Protocol.SYSTEM_ONE);
  private static final RemoteDecisionModel DECISIONS = DecisionFixtures.model(Protocol.DECISIONS);

  /** A field that the answers depend on, and the values with which a response is still read. */
  private record Field(Protocol protocol, String pointer, Set<String> readable) {
    static Field of(Protocol protocol, String pointer, String... readable) {
      return new Field(protocol, pointer, Set.of(readable));
    }
  }

  private static final List<Field> FIELDS =
      List.of(
          Field.of(Protocol.SYSTEM_ONE, "/answers/correct/type", "\"refusal\"", "\"noul\""),
          Field.of(
              Protocol.SYSTEM_ONE,
              "/answers/correct/noul",
              "0",
              "1",
              "0.5",
              "0.25",
              "1.01",
              "-0.0",
              "1e-9"),
          Field.of(Protocol.SYSTEM_ONE, "/answers/help/type", "\"refusal\""),
          Field.of(Protocol.SYSTEM_ONE, "/answers/help/score"),
          Field.of(Protocol.SYSTEM_ONE, "/answers/help/probabilities"),
          Field.of(Protocol.SYSTEM_ONE, "/answers/help/probabilities/0", "0.25"),
          Field.of(Protocol.SYSTEM_ONE, "/answers/help/probabilities/2", "0.5"),
          Field.of(Protocol.SYSTEM_ONE, "/answers/style/type", "\"refusal\""),
          Field.of(Protocol.SYSTEM_ONE, "/answers/style/choice", "\"formal\""),
          Field.of(Protocol.SYSTEM_ONE, "/answers/style/probabilities"),
          Field.of(Protocol.SYSTEM_ONE, "/answers/style/probabilities/casual", "0.25"),
          Field.of(Protocol.SYSTEM_ONE, "/answers/style"),
          Field.of(Protocol.SYSTEM_ONE, "/answers"),
          Field.of(
              Protocol.SYSTEM_ONE,
              "/diagnostics/style/label_mass",
              "null",
              "0",
              "1",
              "0.5",
              "0.25",
              "1.01",
              "-0.0",
              "1e-9"),
          Field.of(Protocol.DECISIONS, "/answers/0/type", "\"refusal\"", "\"predicate\""),
          Field.of(Protocol.DECISIONS, "/answers/0/name", "\"correct\""),
          Field.of(
              Protocol.DECISIONS,
              "/answers/0/probability",
              "0",
              "1",
              "0.5",
              "0.25",
              "1.01",
              "-0.0",
              "1e-9"),
          Field.of(Protocol.DECISIONS, "/answers/1/score"),
          Field.of(Protocol.DECISIONS, "/answers/1/probabilities"),
          Field.of(Protocol.DECISIONS, "/answers/1/probabilities/0/value", "0"),
          Field.of(Protocol.DECISIONS, "/answers/1/probabilities/2/probability", "0.5"),
          Field.of(Protocol.DECISIONS, "/answers/1/probabilities/2"),
          Field.of(Protocol.DECISIONS, "/answers/2/choice", "\"formal\""),
          Field.of(Protocol.DECISIONS, "/answers/2/probabilities/1/value", "\"casual\""),
          Field.of(Protocol.DECISIONS, "/answers/2/probabilities/1/probability", "0.25"),
          Field.of(Protocol.DECISIONS, "/answers/2"),
          Field.of(Protocol.DECISIONS, "/answers"));

  /** Fields that no answer depends on. */
  private static final List<Field> CONTROLS =
      List.of(
          Field.of(Protocol.SYSTEM_ONE, "/id"),
          Field.of(Protocol.SYSTEM_ONE, "/created"),
          Field.of(Protocol.SYSTEM_ONE, "/answers/help/confidence"),
          Field.of(Protocol.SYSTEM_ONE, "/diagnostics/correct/argmax_is_label"),
          Field.of(Protocol.DECISIONS, "/answers/1/confidence"),
          Field.of(Protocol.DECISIONS, "/answers/1/probabilities/0/label"),
          Field.of(Protocol.DECISIONS, "/usage/total_tokens"));

  static Stream<Field> fields() {
    return FIELDS.stream();
  }

  static Stream<Field> controls() {
    return CONTROLS.stream();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void shouldFailWithASentenceForEachDamageOfAField(Field field) throws Exception {
    for (String value : VALUES) {
      String json = replaced(field, value);
      if (field.readable().contains(value)) {
        assertThat(read(field.protocol(), json).byQuestion()).as(json).hasSize(3);
      } else {
        assertThatThrownBy(() -> read(field.protocol(), json))
            .as("%s = %s", field.pointer(), value)
            .isInstanceOf(EngineException.class)
            .hasMessageMatching("(?s)response: \\S+: .+ \\(expected: .+\\)");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("controls")
  void shouldReadAResponseWhateverTheOtherFieldsAre(Field field) throws Exception {
    // Given
    DecisionAnswers undamaged = read(field.protocol(), original(field.protocol()));

    // Then
    for (String value : VALUES) {
      assertThat(read(field.protocol(), replaced(field, value)).byQuestion())
          .as(value)
          .isEqualTo(undamaged.byQuestion());
    }
  }

  private static DecisionAnswers read(Protocol protocol, String json) {
    return (protocol == Protocol.SYSTEM_ONE ? SYSTEM_ONE : DECISIONS)
        .read(DecisionFixtures.request(), json);
  }

  private static String original(Protocol protocol) {
    return protocol == Protocol.SYSTEM_ONE
        ? DecisionFixtures.SYSTEM_ONE_ANSWER
        : DecisionFixtures.DECISIONS_ANSWER;
  }

  /** The response with another value in a field that it has. */
  private static String replaced(Field field, String value) throws JsonProcessingException {
    JsonNode tree = JSON.readTree(original(field.protocol()));
    JsonPointer pointer = JsonPointer.compile(field.pointer());
    assertThat(tree.at(pointer).isMissingNode()).as(field.pointer()).isFalse();
    String name = pointer.last().getMatchingProperty();
    switch (tree.at(pointer.head())) {
      case ObjectNode object -> object.set(name, JSON.readTree(value));
      case ArrayNode array -> array.set(pointer.last().getMatchingIndex(), JSON.readTree(value));
      default -> throw new IllegalStateException(field.pointer());
    }
    return tree.toString();
  }

  @Property(tries = 4_000)
  void shouldReadOnlyWhatAResponseContainsOrFail(@ForAll long seed) throws Exception {
    // Given
    Random random = new Random(seed);
    boolean named = random.nextBoolean();
    JsonNode tree =
        JSON.readTree(
            named ? DecisionFixtures.SYSTEM_ONE_ANSWER : DecisionFixtures.DECISIONS_ANSWER);
    for (int i = random.nextInt(3); i >= 0; i--) {
      mutate(tree, random);
    }
    String json = random.nextInt(5) == 0 ? flipped(tree.toString(), random) : tree.toString();

    // When
    DecisionAnswers answers;
    try {
      answers = (named ? SYSTEM_ONE : DECISIONS).read(DecisionFixtures.request(), json);
    } catch (EngineException e) {
      assertThat(e).hasMessageStartingWith("response: ").hasMessageContaining("(expected: ");
      return;
    }

    // Then
    JsonNode sent = JSON.readTree(json);
    assertThat(answers.byQuestion().sequencedKeySet()).containsExactly("correct", "help", "style");
    assertThat(answers.inputTokens()).isBetween(0, 1 << 24);
    int index = 0;
    for (var each : answers.byQuestion().entrySet()) {
      JsonNode answer = sent.path("answers").path(index++);
      if (named) {
        answer = sent.path("answers").path(each.getKey());
      }
      switch (each.getValue()) {
        case DecisionAnswer.Refused refused ->
            assertThat(answer.path("type").asText()).isEqualTo("refusal");
        case DecisionAnswer.Decided(var probabilities, double mass) -> {
          assertThat(probabilities).hasSize(each.getKey().equals("help") ? 3 : 2);
          assertThat(sum(probabilities)).isCloseTo(1, within(1e-9));
          List<Double> contained = probabilities(answer);
          for (int i = 0; i < contained.size(); i++) {
            assertThat(probabilities.get(i)).as(json).isCloseTo(contained.get(i), within(0.021));
          }
          assertThat(mass).isBetween(0.0, 1.0);
        }
      }
    }
  }

  /** The probabilities of an answer by the order of the options, without the checks of a reader. */
  private static List<Double> probabilities(JsonNode answer) {
    List<Double> found = new ArrayList<>();
    switch (answer.path("type").asText()) {
      case "noul" -> found.add(answer.path("noul").doubleValue());
      case "predicate" -> found.add(answer.path("probability").doubleValue());
      default -> {
        for (String option :
            answer.path("type").asText().equals("score")
                ? List.of("0", "1", "2")
                : List.of("formal", "casual")) {
          JsonNode all = answer.path("probabilities");
          JsonNode probability = all.path(option);
          for (JsonNode each : all) {
            if (each.path("value").asText().equals(option)) {
              probability = each.path("probability");
            }
          }
          found.add(probability.isNumber() ? probability.doubleValue() : Double.NaN);
        }
      }
    }
    return found;
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(value -> value).sum();
  }

  /** Replaces, removes or repeats one node. */
  private static void mutate(JsonNode tree, Random random) throws JsonProcessingException {
    List<JsonNode> containers = new ArrayList<>();
    collect(tree, containers);
    JsonNode container = containers.get(random.nextInt(containers.size()));
    JsonNode value = JSON.readTree(VALUES[random.nextInt(VALUES.length)]);
    if (container instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(4) == 0) {
        object.remove(name);
      } else {
        object.set(random.nextInt(8) == 0 ? "0" : name, value);
      }
    } else if (container instanceof ArrayNode array && !array.isEmpty()) {
      int index = random.nextInt(array.size());
      switch (random.nextInt(3)) {
        case 0 -> array.remove(index);
        case 1 -> array.insert(index, array.get(index).deepCopy());
        default -> array.set(index, value);
      }
    }
  }

  private static void collect(JsonNode node, List<JsonNode> found) {
    if (node.isContainerNode()) {
      found.add(node);
      node.forEach(child -> collect(child, found));
    }
  }

  private static String flipped(String text, Random random) {
    StringBuilder flipped = new StringBuilder(text);
    int at = random.nextInt(flipped.length());
    flipped.setCharAt(at, (char) (flipped.charAt(at) ^ 1 << random.nextInt(7)));
    return random.nextBoolean() ? flipped.toString() : text.substring(0, at);
  }
}
