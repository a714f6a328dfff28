package io.urteil.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.model.file.FileHash;
import io.urteil.prompt.CaseFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The interpreter equals Jinja2 or refuses: public chat templates, templates drawn from a grammar,
 * and templates of single rules, against the results of {@code
 * ops/python/golden/template_corpus.py}.
 */
class TemplateCorpusTest {

  /** A folder with the templates that only facts are kept of, for a check of all. */
  private static final String FOLDER_PROPERTY = "urteil.chat-templates";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String ERROR = "-";
  private static final int DIGITS = 8;

  /** What became of the renderings. */
  private static final class Tally {
    int equal;
    int refusedAlike;
    final List<String> refused = new ArrayList<>();
    final List<String> different = new ArrayList<>();

    void add(String name, @Nullable String expected, Result actual) {
      if (actual.text() == null) {
        if (expected == null) {
          refusedAlike++;
        } else {
          refused.add(name + ": " + actual.refusal());
        }
      } else if (actual.text().equals(expected)) {
        equal++;
      } else {
        different.add("%s: %s (expected: %s)".formatted(name, actual.text(), expected));
      }
    }
  }

  /** A rendering, or the refusal's message. */
  private record Result(@Nullable String text, @Nullable String refusal) {
    static Result of(String template, Map<String, Object> variables) {
      Map<String, Object> all = new HashMap<>(variables);
      all.put("strftime_now", (JinjaTemplate.TextFunction) TemplateCorpusTest::today);
      try {
        return new Result(JinjaTemplate.parse(template).render(all).toString(), null);
      } catch (TemplateException e) {
        return new Result(null, e.getMessage());
      }
    }

    Result hashed() {
      return text == null
          ? this
          : new Result(
              FileHash.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS), null);
    }
  }

  static Stream<Arguments> kept() throws IOException {
    return templates(true);
  }

  static Stream<Arguments> notKept() throws IOException {
    return templates(false);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kept")
  void shouldRenderPublicTemplatesAsJinja2(String name, JsonNode facts) throws IOException {
    // Given
    String hash = facts.path("sha256").asText();
    String template = text("templates/" + hash.substring(0, 16) + ".jinja");

    // Then
    assertEqual(name, facts, template);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notKept")
  void shouldRenderPublicTemplatesOfOtherLicencesAsJinja2(String name, JsonNode facts)
      throws IOException {
    // Given
    String folder = System.getProperty(FOLDER_PROPERTY);
    assumeThat(folder)
        .as("the licence of template %s: facts only; -D%s=FOLDER", name, FOLDER_PROPERTY)
        .isNotNull();
    String template = withHash(Path.of(String.valueOf(folder)), facts.path("sha256").asText());

    // Then
    assertEqual(name, facts, template);
  }

  @Test
  void shouldKeepFactsOfAHundredTemplates() throws IOException {
    assertThat(templates(true)).hasSize(69);
    assertThat(templates(false)).hasSize(95);
  }

  @Test
  void shouldRenderTemplatesOfTheGrammarAsJinja2OrRefuse() throws IOException {
    // Given
    List<String> lines = text("grammar.jsonl").lines().toList();
    Map<String, Object> variables = map(MAPPER.readTree(lines.getFirst()).path("variables"));
    Tally tally = new Tally();

    // When
    for (String line : lines.subList(1, lines.size())) {
      JsonNode facts = MAPPER.readTree(line);
      String template = facts.path("template").asText();
      String expected = facts.has("text") ? facts.path("text").asText() : null;
      tally.add(template, expected, Result.of(template, variables));
    }

    // Then
    assertThat(tally.different).isEmpty();
    assertThat(tally.equal).isGreaterThan(850);
    assertThat(tally.refusedAlike).isGreaterThan(500);
    assertThat(tally.refused).hasSizeLessThan(20);
  }

  static Stream<Arguments> cases() throws IOException {
    return text("cases.jsonl").lines().map(TemplateCorpusTest::oneCase);
  }

  private static Arguments oneCase(String line) {
    try {
      JsonNode facts = MAPPER.readTree(line);
      return Arguments.of(facts.path("template").asText(), facts);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Rules of Jinja2 that are refused, each by a part of its templates. */
  private static final List<String> REFUSED =
      List.of(
          "|random",
          "-3 ** n",
          "{{ d.items }}",
          "('a'|safe)|upper",
          "['a'|safe]",
          "isdigit",
          "1e999",
          "BULLET",
          "{% break %}{% endset %}",
          "{0.x}",
          "self",
          "cycler(1)");

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void shouldFollowEachRuleOfJinja2(String template, JsonNode facts) {
    // When
    Result result = Result.of(template, map(facts.path("vars")));

    // Then
    if (REFUSED.stream().anyMatch(template::contains)) {
      assertThat(result.refusal()).isNotNull();
    } else if (facts.path("right").isNull()) {
      assertThat(result.text()).isNull();
    } else {
      assertThat(result).isEqualTo(new Result(facts.path("right").asText(), null));
    }
  }

  /** The cases of a folder {@code templates}; none are in this source tree. */
  @Test
  void shouldFollowTheCasesOfAFolderOrRefuse() throws IOException {
    // Given
    List<JsonNode> lines = CaseFolder.lines("templates");
    Tally tally = new Tally();

    // When
    for (JsonNode line : lines) {
      String template = line.path("template").asText();
      JsonNode right = line.path("right");
      tally.add(
          template,
          right.isNull() ? null : right.asText(),
          Result.of(template, map(line.path("vars"))));
    }

    // Then
    System.out.printf(
        "templates of a folder: %d equal, %d refused alike, refused: %s%n",
        tally.equal, tally.refusedAlike, tally.refused);
    assertThat(lines).isNotEmpty();
    assertThat(tally.different).isEmpty();
  }

  private static void assertEqual(String name, JsonNode facts, String template) throws IOException {
    JsonNode corpus = corpus();
    List<String> renderings = List.of(facts.path("renderings").asText().split(" "));
    Tally tally = new Tally();
    int next = 0;
    for (JsonNode options : corpus.path("options")) {
      for (JsonNode messages : corpus.path("conversations")) {
        Map<String, Object> variables = new LinkedHashMap<>(map(corpus.path("special")));
        variables.putAll(map(options));
        variables.put("messages", MAPPER.convertValue(messages, List.class));
        String expected = renderings.get(next);
        tally.add(
            name + " " + next++,
            expected.equals(ERROR) ? null : expected,
            Result.of(template, variables).hashed());
      }
    }
    assertThat(renderings).hasSize(next);
    assertThat(tally.different).isEmpty();
    assertThat(tally.refused).isEmpty();
    assertThat(tally.equal + tally.refusedAlike).isEqualTo(next);
  }

  private static Stream<Arguments> templates(boolean kept) throws IOException {
    return corpus()
        .path("templates")
        .valueStream()
        .filter(facts -> kept != facts.path("licence").asText().equals("facts only"))
        .map(
            facts ->
                Arguments.of(
                    facts.path("source").asText() + "/" + facts.path("name").asText(), facts));
  }

  private static String withHash(Path folder, String hash) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".jinja")).toList()) {
        if (FileHash.sha256(file).equals(hash)) {
          return Files.readString(file);
        }
      }
    }
    throw new IOException("no *.jinja below %s has SHA-256 %s".formatted(folder, hash));
  }

  private static String today(String format) {
    return format
        .replace("%-d", "7")
        .replace("%d", "07")
        .replace("%b", "Mar")
        .replace("%B", "March")
        .replace("%Y", "2026")
        .replace("%m", "03")
        .replaceAll("%[HMS]", "00");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode node) {
    return MAPPER.convertValue(node, LinkedHashMap.class);
  }

  private static JsonNode corpus() throws IOException {
    return MAPPER.readTree(text("corpus.json"));
  }

  private static String text(String name) throws IOException {
    try (InputStream in = TemplateCorpusTest.class.getResourceAsStream("/chat/corpus/" + name)) {
      if (in == null) {
        throw new IOException("/chat/corpus/%s is missing".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
