package io.urteil.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.measure.JudgedComparison;
import io.urteil.evaluation.measure.PairMeasure;
import io.urteil.evaluation.measure.PairedDifference;
import io.urteil.evaluation.report.EvaluationCase.JudgedCase;
import io.urteil.evaluation.report.EvaluationCase.Response;
import io.urteil.event.JudgementStatus;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page is well-formed XML, so that a parser without leniency reads it. */
class EvaluationHtmlTest {

  private static final String HOSTILE =
      "</pre></script><script>alert(1)</script><img src=x onerror=alert(1)>\"' onclick=\"x&lt;]]>"
          + "\u0000\u001b\ufffe\ud800 end";
  private static final PairMeasure DECISIVE = new PairMeasure(PairMeasure.By.DECISIVE, false);

  @Test
  void shouldShowHostileTextsAsTextWhereverTheyAre() throws Exception {
    // Given
    Comparison pair = Comparison.pair(HOSTILE, HOSTILE, HOSTILE, HOSTILE, Preference.A, HOSTILE);
    Map<String, List<JudgedComparison>> judges = new LinkedHashMap<>();
    judges.put(HOSTILE, List.of(both(pair, "A", "A")));
    judges.put("other " + HOSTILE, List.of(both(pair, "B", "B")));

    // When
    Document page = page(judges, List.of(new Response(HOSTILE, HOSTILE)));

    // Then
    String readable = HOSTILE.replaceAll("[\u0000\u001b\ufffe\ud800]", "\ufffd");
    assertThat(elements(page, "pre").stream().map(Element::getTextContent))
        .filteredOn(readable::equals)
        .hasSize(5);
    assertThat(elements(page, "script")).hasSize(1);
    assertThat(elements(page, "img")).isEmpty();
    assertThat(attributes(page))
        .noneMatch(name -> name.startsWith("on"))
        .doesNotContain("src", "href", "style", "xlink:href");
  }

  @Test
  void shouldAdmitOnlyItsOwnStyleAndScript() throws Exception {
    // When
    Document page = page(Map.of("judge", List.of(both(pair(1), "A", "A"))), List.of());

    // Then
    String policy =
        elements(page, "meta").stream()
            .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
            .map(meta -> meta.getAttribute("content"))
            .findFirst()
            .orElseThrow();
    assertThat(policy)
        .isEqualTo(
            "default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'"
                .formatted(hash(page, "style"), hash(page, "script")));
    // The page is parsed as HTML by browsers, which read no references within these elements.
    for (String element : List.of("style", "script")) {
      assertThat(elements(page, element).getFirst().getTextContent())
          .isNotBlank()
          .isASCII()
          .doesNotContain("<", "&");
    }
    for (Element table : elements(page, "table")) {
      assertThat(table.getElementsByTagName("button").getLength())
          .isEqualTo(table.getElementsByTagName("th").getLength());
    }
  }

  @Test
  void shouldMarkCasesForTheFilterByJudge() throws Exception {
    // Given
    Map<String, List<JudgedComparison>> judges = new LinkedHashMap<>();
    judges.put(
        "first",
        List.of(both(pair(1), "A", "A"), both(pair(2), "A", "B"), both(pair(3), "A", "none")));
    judges.put(
        "second",
        List.of(both(pair(1), "A", "A"), both(pair(2), "A", "A"), both(pair(3), "tie", "tie")));

    // When
    Document page = page(judges, List.of(new Response("order AB", "I prefer [[A]]")));

    // Then
    List<Element> cases = elements(page, "article");
    assertThat(cases.stream().map(one -> one.getAttribute("data-judge0")))
        .containsExactly("right", "wrong flipped differ", "wrong flipped unparseable");
    assertThat(cases.stream().map(one -> one.getAttribute("data-judge1")))
        .containsExactly("right", "right differ", "wrong");
    assertThat(cases.stream().map(one -> one.getAttribute("data-all")))
        .containsExactly("right", "wrong flipped right differ", "wrong flipped unparseable");
    assertThat(cases.get(1).getTextContent())
        .contains(
            "question 2",
            "good 2",
            "bad 2",
            "first: A / B, credit 0.50, flipped",
            "second: A, right",
            "order AB: A; order BA: B",
            "I prefer [[A]]");
    assertThat(elements(page, "svg")).hasSize(2);
    assertThat(elements(page, "h1").getFirst().getTextContent())
        .isEqualTo("pairs, judged by first, second");
    assertThat(elements(page, "th").stream().map(Element::getTextContent))
        .contains("against first");
  }

  @Test
  void shouldShowTheVerdictBesideWhatTheJudgeReadInItsOwnOrders() throws Exception {
    // Given
    JudgedComparison own = new JudgedComparison(pair(1), rulings("tie", "tie"), rulings("A", "B"));

    // When
    Document page = page(Map.of("judge", List.of(own)), List.of());

    // Then
    assertThat(elements(page, "article").getFirst().getTextContent())
        .contains("tie, credit 0.50, flipped", "order AB: A; order BA: B; verdict: tie");
  }

  @Test
  void shouldLeaveOutWhatEveryJudgeHasRightFirstAndSayHowMany() throws Exception {
    // Given
    int many = CaseHtml.MAX_CASES + 200;
    List<JudgedComparison> outcomes =
        IntStream.range(0, many)
            .mapToObj(
                number ->
                    number == many - 1
                        ? both(pair(number), "B", "B")
                        : both(pair(number), "A", "A"))
            .toList();
    String longText = "x".repeat(CaseHtml.MAX_TEXT + 5_000);

    // When
    Document page = page(Map.of("judge", outcomes), List.of(new Response("order AB", longText)));

    // Then
    List<Element> cases = elements(page, "article");
    assertThat(cases).hasSize(CaseHtml.MAX_CASES);
    assertThat(cases.getLast().getAttribute("data-all")).isEqualTo("wrong");
    assertThat(elements(page, "p").stream().map(Element::getTextContent))
        .anyMatch(text -> text.startsWith("1,000 of 1,200 cases: 200 are left out"));
    assertThat(cases.getFirst().getTextContent())
        .contains("x… (5,000 further characters)")
        .doesNotContain(longText);
  }

  @ParameterizedTest
  @CsvSource({
    "71.07, 71.07",
    "60.6 to 70.5, 60.6",
    "-3.7 to +8.6, -3.7",
    "+2.29, 2.29",
    "<0.0001, 0.0001",
    "-, ''",
    "gpt-4o, gpt-4o"
  })
  void shouldSortCellsByTheirNumbers(String cell, String key) {
    assertThat(EvaluationHtml.sortKey(cell)).isEqualTo(key);
  }

  private static Document page(Map<String, List<JudgedComparison>> judges, List<Response> responses)
      throws Exception {
    SequencedMap<String, EvaluationResult> results = new LinkedHashMap<>();
    List<PairedDifference.Judged> judged = new ArrayList<>();
    judges.forEach(
        (name, outcomes) -> {
          results.put(name, EvaluationResult.of(outcomes, DECISIVE, 1));
          judged.add(new PairedDifference.Judged(name, outcomes));
        });
    List<Comparison> comparisons =
        judged.getFirst().outcomes().stream().map(JudgedComparison::comparison).toList();
    List<EvaluationCase> cases = new ArrayList<>();
    for (int i = 0; i < comparisons.size(); i++) {
      int number = i;
      cases.add(
          new EvaluationCase(
              comparisons.get(i),
              judged.stream()
                  .map(
                      one ->
                          new JudgedCase(
                              one.name(),
                              DECISIVE.credit(one.outcomes().get(number)),
                              one.outcomes().get(number),
                              responses))
                  .toList()));
    }
    EvaluationReport report =
        new EvaluationReport(
            new EvaluationReport.Subject("pairs", new LinkedHashMap<>(), null),
            new EvaluationReport.Inputs("hash", "run: test", new LinkedHashMap<>()),
            new EvaluationReport.Invocation(List.of("evaluate"), "1", "test"),
            "both",
            1,
            "2026-01-01T00:00:00Z",
            new EvaluationReport.Progress(1, 0),
            new EvaluationReport.Rulings(DECISIVE.rule(), null, comparisons.size()),
            EvaluationReport.Figures.of(results),
            DECISIVE.baselines(comparisons),
            results,
            judged.stream()
                .skip(1)
                .map(one -> PairedDifference.of(one, judged.getFirst(), DECISIVE, 1))
                .toList());
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(EvaluationHtml.page(report, cases))));
  }

  private static Comparison pair(int number) {
    return Comparison.pair(
        "" + number, "question " + number, "good " + number, "bad " + number, Preference.A, "all");
  }

  private static JudgedComparison both(Comparison pair, String given, String swapped) {
    return new JudgedComparison(pair, rulings(given, swapped));
  }

  private static SequencedMap<CandidateOrder, ComparisonVerdict> rulings(
      String given, String swapped) {
    SequencedMap<CandidateOrder, ComparisonVerdict> rulings = new LinkedHashMap<>();
    rulings.put(CandidateOrder.AB, verdict(given));
    rulings.put(CandidateOrder.BA, verdict(swapped));
    return rulings;
  }

  private static ComparisonVerdict verdict(String said) {
    return switch (said) {
      case "A" -> ComparisonVerdict.of(Preference.A);
      case "B" -> ComparisonVerdict.of(Preference.B);
      case "tie" -> ComparisonVerdict.of(Preference.TIE);
      default -> ComparisonVerdict.without(JudgementStatus.UNPARSEABLE, 2);
    };
  }

  private static String hash(Document page, String element) throws Exception {
    byte[] content =
        elements(page, element).getFirst().getTextContent().getBytes(StandardCharsets.UTF_8);
    return "sha256-"
        + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private static List<String> attributes(Document page) {
    List<String> names = new ArrayList<>();
    for (Element element : elements(page, "*")) {
      NamedNodeMap attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        Node attribute = attributes.item(i);
        names.add(attribute.getNodeName());
      }
    }
    return names;
  }

  private static List<Element> elements(Document page, String name) {
    NodeList found = page.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }
}
