package io.urteil.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JinjaTemplateTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, String> DATES =
      Map.of("%d %b %Y", "07 Mar 2026", "%Y-%m-%d", "2026-03-07", "%A %-d %B", "Saturday 7 March");

  record Case(String template, JsonNode text, JsonNode error) {
    @Override
    public String toString() {
      return template.replace("\n", "\\n");
    }
  }

  /** The vectors of {@code ops/python/golden/chat_templates.py}. */
  static Stream<Case> cases() throws IOException {
    return golden()
        .path("cases")
        .valueStream()
        .map(
            each ->
                new Case(each.path("template").asText(), each.path("text"), each.path("error")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldRenderWhatTransformersRenders(Case golden) throws IOException {
    // Given
    List<?> messages = MAPPER.convertValue(golden().path("messages"), List.class);
    Map<String, Object> variables =
        Map.of(
            "messages",
            messages,
            "strftime_now",
            (JinjaTemplate.TextFunction) format -> DATES.getOrDefault(format, "?"));

    // Then
    if (golden.error().isMissingNode()) {
      assertThat(JinjaTemplate.parse(golden.template()).render(variables))
          .hasToString(golden.text().asText());
    } else {
      assertThatThrownBy(() -> JinjaTemplate.parse(golden.template()).render(variables))
          .as(golden.error().asText())
          .isInstanceOf(TemplateException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{{ 'a' - 1 }} | a string - a whole number in line 1 of the template",
        "`a\n{% include 'x' %}` | 'include' (expected: a tag, one of [if, for, set",
        "{% if x %} | the end (expected: a tag, one of [",
        "{{ x.y.z }} | 'y' of 'x', which is undefined",
        "{% set x = {} %}{{ x.y.z }} | 'z' of 'y', which is undefined",
        "{{ raise_exception('never') }} | the template refuses the messages: never",
        "{{ 'x'.encode() }} | 'encode' (expected: a supported method of strings)",
        "{# open | a comment without its end in line 1",
        "`{{ 1 | wordwrap }}` | 'wordwrap' (expected: a filter, one of [abs,",
        "{{ range(10000000) }} | a range of step 0 or too many numbers",
        "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }} | macro 'm' calls itself too often"
      })
  void shouldSayWhatIsWrongAndWhere(String template, String expected) {
    assertThatThrownBy(() -> JinjaTemplate.parse(template).render(Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void shouldKeepTheMarksOfCharactersThroughEveryOperation() {
    // Given
    JinjaTemplate template =
        JinjaTemplate.parse(
            "<{{ x | trim }}|{{ x.split('-')[1] }}|{{ x.replace('b', 'B') }}|{{ x[::-1] }}|{{"
                + " x|upper }}|{{ [x, 'q']|join('+') }}|{{ {'k': x}|tojson }}>");

    // When
    OriginText text =
        template.render(Map.of("x", OriginText.of(" a-b ", Origin.CANDIDATE).inMessage(3)));

    // Then
    assertThat(text).hasToString("<a-b|b | a-B | b-a | A-B | a-b +q|{\"k\": \" a-b \"}>");
    assertThat(text.runs())
        .extracting(
            run ->
                run.origin() == Origin.CANDIDATE && run.message() == 3
                    ? "[" + run.text() + "]"
                    : run.text())
        .containsExactly(
            "<",
            "[a-b]",
            "|",
            "[b ]",
            "|",
            "[ a-]",
            "B",
            "[ ]",
            "|",
            "[ b-a ]",
            "|",
            "[ A-B ]",
            "|",
            "[ a-b ]",
            "+q|{\"k\": \"",
            "[ a-b ]",
            "\"}>");
  }

  @Test
  void shouldNotRenderWhatAValueSpells() {
    // When
    OriginText text =
        JinjaTemplate.parse("{{ x }}{{ x ~ '' }}")
            .render(Map.of("x", "{{ raise_exception('x') }}"));

    // Then
    assertThat(text).hasToString("{{ raise_exception('x') }}{{ raise_exception('x') }}");
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("/chat/language.json")) {
      return MAPPER.readTree(in);
    }
  }
}
