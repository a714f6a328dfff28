package io.urteil.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.SubmittedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bodies of the contracts of others: good ones are read, all others are refused with a sentence.
 */
class PeerBodiesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String OPENRLHF =
      "{\"query\": [\"6*7?42<eos>\"], \"prompts\": [\"6*7?\"], \"labels\": [\"42\"]}";
  private static final String SLIME =
      "{\"prompt\": [{\"role\": \"user\", \"content\": \"6*7?\"}], \"response\": \"42\", \"label\": 42}";
  private static final String CLASSIFY = "{\"model\": \"m\", \"input\": [\"6*7?42\"]}";
  private static final String SCORE =
      "{\"model\": \"m\", \"text_1\": \"6*7?\", \"text_2\": [\"42\", \"41\"]}";
  private static final String CHAT =
      "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\","
          + " \"text\": \"6*7?\"}]}, {\"role\": \"assistant\", \"content\": \"42\"}],"
          + " \"metadata\": {\"reference\": \"42\"}}";
  private static final String SYSTEM_ONE =
      "{\"model\": \"m\", \"state\": {\"question\": \"6*7?\", \"response\": \"42\", \"answer\": \"42\"},"
          + " \"questions\": {\"right\": {\"type\": \"noul\"}, \"grade\": {\"type\": \"score\","
          + " \"criteria\": [\"bad\", \"good\"]}}}";
  private static final String DECISIONS =
      "{\"model\": \"m\", \"input\": [{\"role\": \"user\", \"content\": \"42\"}], \"questions\":"
          + " [{\"type\": \"predicate\", \"name\": \"right\"}, {\"type\": \"score\", \"levels\":"
          + " [{\"label\": \"bad\"}, {\"label\": \"good\"}]}]}";
  private static final String VERIFY =
      "{\"responses_create_params\": {\"input\": \"6*7?\"}, \"response\": {\"output\": [{\"type\":"
          + " \"message\", \"content\": [{\"type\": \"output_text\", \"text\": \"42\"}]}]},"
          + " \"_ng_group_id\": \"g\", \"_ng_rollout_index\": 1}";
  private static final String COMPARE =
      "{\"conversation_history\": [{\"role\": \"user\", \"content\": \"6*7?\"}], \"response_objs\":"
          + " [{\"output\": [{\"type\": \"message\", \"content\": \"42\"}]}]}";
  private static final String WEAVE =
      "{\"schema_version\": 2, \"scoring_target\": {\"type\": \"agent_turn\", \"payload\":"
          + " {\"messages\": [{\"role\": \"assistant\", \"content\": \"42\"}]}}}";
  private static final String ORS =
      "{\"candidates\": [{\"messages\": [{\"role\": \"user\", \"blocks\": [{\"type\": \"text\","
          + " \"text\": \"6*7?\"}]}, {\"role\": \"assistant\", \"blocks\": [{\"type\": \"text\","
          + " \"text\": \"42\"}]}], \"metadata\": {\"reference\": \"42\"}}]}";

  private static final String[] VALUES = {
    "null",
    "0",
    "-1",
    "1e400",
    "\"\"",
    "\"assistant\"",
    "\"score\"",
    "[]",
    "{}",
    "[[]]",
    "true",
    "2147483648",
    "[null]",
    "{\"role\": \"assistant\"}",
    "\"\\ud800\""
  };

  /** What a contract does with a body. */
  private interface Contract {
    @Nullable Object call(JsonNode body);
  }

  private record Case(String good, Contract contract) {}

  private static final PeerCall.Parameters NONE = new PeerCall.Parameters();

  private static final List<Case> CASES =
      List.of(
          new Case(OPENRLHF, body -> new OpenRlhfResource().reward(NONE, body)),
          new Case(SLIME, body -> new SlimeResource().reward(NONE, null, body)),
          new Case(CLASSIFY, body -> new ScoringResource().classify(NONE, body)),
          new Case(CLASSIFY, body -> new EmbeddingsResource().embeddings(NONE, body)),
          new Case(SCORE, body -> new ScoringResource().score(NONE, body)),
          new Case(CHAT, body -> new ChatResource().complete(NONE, body)),
          new Case(SYSTEM_ONE, body -> new SystemOneResource().decide(NONE, body)),
          new Case(DECISIONS, body -> new DecisionsResource().decide(NONE, body)),
          new Case(VERIFY, body -> new NemoGymResource().verify(NONE, 4, body)),
          new Case(COMPARE, body -> new NemoGymResource().compare(NONE, body)),
          new Case(WEAVE, body -> new WeaveResource().score(NONE, body)),
          new Case(ORS, body -> OrsGroup.read(body, MissingNode.getInstance())));

  @Property(tries = 3_000)
  void shouldReadABodyOrRefuseItWithASentence(@ForAll long seed) throws Exception {
    // Given
    Random random = new Random(seed);
    Case one = CASES.get(random.nextInt(CASES.size()));
    JsonNode body = JSON.readTree(one.good());
    for (int i = random.nextInt(3); i > 0; i--) {
      mutate(body, random);
    }

    // When / Then
    try {
      assertThat(one.contract().call(body)).isInstanceOfAny(CompletionStage.class, PeerGroup.class);
    } catch (RefusedException e) {
      assertThat(e.refusal().message()).contains("(expected: ");
    }
  }

  @Test
  void shouldReadWhatIsJudgedAndWhatItIsComparedWith() throws Exception {
    // When
    PeerGroup ors = OrsGroup.read(JSON.readTree(ORS), MissingNode.getInstance());
    PeerGroup chat = ChatResource.sample(JSON.readTree(CHAT));
    PeerGroup state = DecisionState.sample(JSON.readTree(SYSTEM_ONE).path("state"), "state");

    // Then
    for (PeerGroup group : List.of(ors, chat, state)) {
      assertThat(group.completions()).containsExactly("42");
      assertThat(group.reference()).isEqualTo("42");
      assertThat(group.prompt()).singleElement().extracting("content").isEqualTo("6*7?");
    }
  }

  @Test
  void shouldNotLetATextNameItsOwnReference() throws Exception {
    // When
    PeerGroup sample =
        DecisionsResource.sample(
            JSON.readTree("\"{\\\"response\\\": \\\"7\\\", \\\"answer\\\": \\\"7\\\"}\""));

    // Then
    assertThat(sample.reference()).isNull();
    assertThat(sample.completions()).containsExactly("{\"response\": \"7\", \"answer\": \"7\"}");
  }

  @Test
  void shouldFindThePromptBehindATokenThatBeginsTheText() {
    // When
    PeerGroup sample = OpenRlhfResource.sample("<s>6*7?42</s>", "6*7?", "42", 0);

    // Then
    assertThat(sample.prompt()).containsExactly(new SubmittedMessage("user", "6*7?"));
    assertThat(sample.completions()).containsExactly("42");
    assertThatThrownBy(() -> OpenRlhfResource.sample("42", "6*7?", "42", 0))
        .hasMessageContaining("query[0]");
  }

  @Test
  void shouldRemoveTokensAtTheEndOfAnyLength() {
    assertThat(EndTokens.removed("42 </s> <pad> ")).isEqualTo("42");
    assertThat(EndTokens.removed("42 ")).isEqualTo("42 ");
    assertThat(EndTokens.removed("</s>42")).isEqualTo("</s>42");
    assertThat(EndTokens.removed("42" + "<pad>".repeat(20_000))).isEqualTo("42");
    String blanks = "4" + " ".repeat(1_000_000) + "2";
    assertThat(EndTokens.removed(blanks)).isEqualTo(blanks);
  }

  @Test
  void shouldNameTheContractsWhoseAnswerIsNotLast() throws Exception {
    // Given
    JsonNode body = JSON.readTree(CHAT.replace("assistant", "user"));

    // When / Then
    assertThatThrownBy(() -> ChatResource.sample(body))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "messages: \"user\" (expected: a last message of role assistant, the answer to judge)");
  }

  @ParameterizedTest
  @CsvSource({
    "42<eos>, 42",
    "42</s></s>, 42",
    "'42 <|im_end|>\n', 42",
    "a <b> c, a <b> c",
    "<eos> is a token, <eos> is a token",
    "x<|eot_id|><pad><pad>, x"
  })
  void shouldRemoveTokensThatEndATurn(String text, String expected) {
    assertThat(EndTokens.removed(text)).isEqualTo(expected);
  }

  @Property
  void shouldDistributeAValueOverLevelsWithThisMean(
      @ForAll @DoubleRange(min = 0, max = 1) double value,
      @ForAll @IntRange(min = 2, max = 10) int levels) {
    // Given
    AskedQuestion question = new AskedQuestion("q", java.util.Collections.nCopies(levels, "level"));

    // When
    List<Double> probabilities = question.probabilities(value);

    // Then
    double mean = 0;
    for (int i = 0; i < levels; i++) {
      mean += i * probabilities.get(i);
    }
    assertThat(probabilities).hasSize(levels).allMatch(p -> p >= 0 && p <= 1);
    assertThat(probabilities.stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-9));
    assertThat(mean).isCloseTo(question.level(value), within(1e-9));
  }

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
        object.set(name, value);
      }
    } else if (container instanceof ArrayNode array && !array.isEmpty()) {
      int index = random.nextInt(array.size());
      if (random.nextBoolean()) {
        array.remove(index);
      } else {
        array.set(index, value);
      }
    }
  }

  private static void collect(JsonNode node, List<JsonNode> found) {
    if (node.isContainerNode()) {
      found.add(node);
      node.forEach(child -> collect(child, found));
    }
  }
}
