package io.urteil.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSentenceTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    new StrictJson().customize(JSON);
  }

  private static final String VALID =
      """
      {"run": "r", "groups": [{"id": "a", "prompt": "p", "size": 2, "columns": {"x": "y"},
       "members": [{"text": "t", "tokenIds": [1, 2], "logprobs": [-0.5, -1], "policyVersion": 3}]}]}
      """;

  private static final String[] VALUES = {
    "1",
    "1.5",
    "\"text\"",
    "[]",
    "{}",
    "true",
    "null",
    "[[[",
    "NaN",
    "",
    "'",
    "1e999",
    "{\"a\":1,\"a\":2}"
  };

  private static @Nullable String sentence(String json) {
    try {
      JSON.readValue(json, RewardsRequest.class);
      return null;
    } catch (JsonProcessingException e) {
      return JsonSentence.of(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[[[[ | a list (expected: an object) (line 1, column 1)",
        "{\"groups\": {}} | groups: an object (expected: a list) (line 1, column 12)",
        "{\"groups\": [{\"prompt\": 7}]} | groups[0].prompt: a number (expected: a text) (line 1, column 24)",
        "{\"groups\": [{\"size\": \"2\"}]} | groups[0].size: a text (expected: a whole number) (line 1, column 22)",
        "{\"groups\": [{\"columns\": {\"a\": []}}]} | groups[0].columns.a: a list (expected: a text) (line 1, column 31)",
        "{\"rum\": 1} | rum: no such key (expected: one of groups, run) (line 1, column 11)",
      })
  void shouldNamePlaceValueAndExpectation(String json, String sentence) {
    assertThat(sentence(json)).isEqualTo(sentence);
  }

  /** One value of a valid request is replaced by another, or the request is cut. */
  @Property(tries = 500)
  void shouldNeverNameAClass(
      @ForAll @IntRange(max = 250) int position, @ForAll @IntRange(max = 13) int value) {
    int start = Math.min(position, VALID.length());
    String rest = VALID.substring(start).replaceFirst("^[^,}\\]]*", "");
    String json = VALID.substring(0, start) + (value == 13 ? "" : VALUES[value] + rest);

    // When
    String sentence = sentence(json);

    // Then
    if (sentence != null) {
      assertThat(sentence).isNotBlank().doesNotContain("io.urteil", "java.", "JsonToken", "`");
    }
  }
}
