package io.urteil.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.event.FinishReason;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.Submission;
import io.urteil.gateway.SubmittedMember;
import io.urteil.gateway.SubmittedMessage;
import io.urteil.gateway.SubmittedTokens;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmissionReaderTest {

  private static final ObjectMapper JSON = strict();

  private static ObjectMapper strict() {
    ObjectMapper mapper = new ObjectMapper();
    new StrictJson().customize(mapper);
    return mapper;
  }

  @Test
  void shouldReadTheShortForm() throws Exception {
    // When
    Submission group =
        read(
            """
            {"run": "r", "groups": [{"id": "g", "prompt": "6 times 7?", "reference": "42",
             "members": [{"text": "42"}, {"text": "41"}]}]}
            """);

    // Then
    assertThat(group.name().id()).isEqualTo("g");
    assertThat(group.prompt()).containsExactly(new SubmittedMessage("user", "6 times 7?"));
    assertThat(group.members()).extracting(SubmittedMember::index).containsExactly(0, 1);
    assertThat(group.members().getLast())
        .isEqualTo(
            new SubmittedMember(
                null,
                1,
                List.of(new SubmittedMessage("assistant", "41")),
                null,
                FinishReason.UNKNOWN,
                null));
  }

  @Test
  void shouldReadTheLongForm() throws Exception {
    // When
    Submission group =
        read(
            """
            {"run": "r", "groups": [{"messages": [{"role": "system", "content": "s"}],
             "columns": {"level": "1"}, "size": 4, "members": [{"arm": "AB", "index": 3,
             "messages": [{"role": "assistant", "content": "a"}], "tokenIds": [1, 2],
             "logprobs": [-0.5, -1], "finishReason": "length", "policyVersion": 17}]}]}
            """);

    // Then
    assertThat(group.size()).isEqualTo(4);
    assertThat(group.columns()).containsEntry("level", "1");
    SubmittedMember member = group.members().getFirst();
    assertThat(member.tokens()).isEqualTo(new SubmittedTokens(List.of(1, 2), List.of(-0.5, -1.0)));
    assertThat(member.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(member.policyVersion()).isEqualTo(17);
  }

  @Test
  void shouldMakeTheSameIdOfTheSameKey() throws Exception {
    // Given
    String body =
        "{\"run\": \"r\", \"groups\": [{\"prompt\": \"p\", \"members\": [{\"text\": \"\"}]}]}";
    RewardsRequest request = JSON.readValue(body, RewardsRequest.class);

    // When
    String first = SubmissionReader.read(request, "k").getFirst().name().id();

    // Then
    assertThat(SubmissionReader.read(request, "k").getFirst().name().id()).isEqualTo(first);
    assertThat(SubmissionReader.read(request, "l").getFirst().name().id()).isNotEqualTo(first);
    assertThat(SubmissionReader.read(request, null).getFirst().name().id())
        .isNotEqualTo(SubmissionReader.read(request, null).getFirst().name().id());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|run: missing",
        "{\"run\": \"r\"}|groups: 0",
        "{\"run\": \"r\", \"groups\": [null]}|groups[0]: null",
        "{\"run\": \"r\", \"groups\": [{}]}|groups[0].prompt: missing",
        "{\"run\": \"r\", \"groups\": [{\"prompt\": \"p\", \"messages\": []}]}|groups[0].prompt: beside messages",
        "{\"run\": \"r\", \"groups\": [{\"prompt\": \"p\", \"members\": [null]}]}|members[0]: null",
        "{\"run\": \"r\", \"groups\": [{\"prompt\": \"p\", \"members\": [{}]}]}|members[0].text: missing",
        "{\"run\": \"r\", \"groups\": [{\"prompt\": \"p\", \"columns\": {\"a\": null}, \"members\": [{\"text\": \"\"}]}]}|columns.a: null",
        "{\"run\": \"r\", \"groups\": [{\"prompt\": \"p\", \"members\": [{\"text\": \"\", \"tokenIds\": [null]}]}]}|null among the values",
        "{\"run\": \"r\", \"groups\": [{\"prompt\": \"p\", \"members\": [{\"text\": \"\", \"finishReason\": \"end\"}]}]}|finishReason: 'end'",
        "{\"run\": \"r\", \"groups\": [{\"messages\": [{\"role\": \"user\"}], \"members\": [{\"text\": \"\"}]}]}|messages[0]: incomplete"
      })
  void shouldNameTheValueAndTheExpectation(String body, String message) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"run\": \"r\", \"run\": \"s\"}",
        "{\"run\": \"r\", \"group\": []}",
        "{\"run\": 1}",
        "{\"run\": \"r\"} {}",
        "{\"run\": \"r\", \"groups\": [{\"size\": 1.5}]}",
        "{\"run\": \"r\", \"groups\": [{\"size\": \"2\"}]}",
        "{\"run\": \"r\", \"groups\": [{\"members\": [{\"logprobs\": [NaN]}]}]}",
        "{\"run\": \"r\", \"groups\": [{\"members\": [{\"policyVersion\": 99999999999999999999}]}]}"
      })
  void shouldNotReadJsonOfAnotherForm(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(JsonProcessingException.class);
  }

  /** Whatever JSON a client sends, it is read or refused. */
  @Property(tries = 2_000)
  void shouldReadOrRefuse(@ForAll("bodies") String body) {
    try {
      assertThat(read(body)).isNotNull();
    } catch (RefusedException | JsonProcessingException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<String> bodies() {
    Arbitrary<String> leaf =
        Arbitraries.of(
            "null", "1", "-1", "1e999", "true", "\"\"", "\"x\"", "[]", "{}", "2147483648", "0.5");
    Arbitrary<String> key =
        Arbitraries.of(
            "run",
            "groups",
            "id",
            "prompt",
            "messages",
            "members",
            "text",
            "tokenIds",
            "logprobs",
            "size",
            "columns",
            "role",
            "content",
            "index",
            "arm",
            "policyVersion",
            "other");
    Arbitrary<String> value =
        Arbitraries.lazyOf(
            () -> leaf,
            () -> object(key, leaf),
            () -> leaf.list().ofMaxSize(3).map(items -> "[" + String.join(",", items) + "]"),
            () -> object(key, leaf).list().ofMaxSize(2).map(i -> "[" + String.join(",", i) + "]"));
    return object(key, value)
        .map(
            inner ->
                "{\"run\": \"r\", \"groups\": [{\"prompt\": \"p\", \"members\": [" + inner + "]}]}")
        .injectDuplicates(0.1);
  }

  private static Arbitrary<String> object(Arbitrary<String> key, Arbitrary<String> value) {
    return net.jqwik.api.Combinators.combine(key, value)
        .as((k, v) -> "\"" + k + "\": " + v)
        .list()
        .ofMaxSize(4)
        .map(fields -> "{" + String.join(",", fields) + "}");
  }

  private static Submission read(String body) throws JsonProcessingException {
    return SubmissionReader.read(JSON.readValue(body, RewardsRequest.class), null).getFirst();
  }
}
