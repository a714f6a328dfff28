package io.urteil.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.evaluation.measure.ConfidenceInterval;
import io.urteil.evaluation.report.AccuracyPlot.Dot;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class AccuracyPlotTest {

  private final List<Dot> dots =
      List.of(
          new Dot("a judge of <b> & co", 0.8, new ConfidenceInterval(0.7, 0.95, "wilson")),
          new Dot("second judge", 0.4, new ConfidenceInterval(0.3, 0.45, "wilson")));

  @Test
  void shouldPlaceEachDotInItsRowBetweenTheEndsOfItsInterval() throws Exception {
    // When
    Document svg = drawn(dots, new LinkedHashMap<>());

    // Then
    List<Element> circles = elements(svg, "circle");
    List<Element> whiskers =
        elements(svg, "line").stream()
            .filter(line -> line.hasAttribute("stroke-width"))
            .filter(line -> line.getAttribute("y1").equals(line.getAttribute("y2")))
            .toList();
    double zero = number(label(svg, "0"), "x");
    double perPercent = (number(label(svg, "100"), "x") - zero) / 100;
    assertThat(circles.stream().mapToDouble(dot -> (number(dot, "cx") - zero) / perPercent))
        .satisfiesExactly(
            x -> assertThat(x).isCloseTo(80, WITHIN), x -> assertThat(x).isCloseTo(40, WITHIN));
    assertThat(whiskers.stream().mapToDouble(line -> (number(line, "x1") - zero) / perPercent))
        .satisfiesExactly(
            x -> assertThat(x).isCloseTo(70, WITHIN), x -> assertThat(x).isCloseTo(30, WITHIN));
    assertThat(whiskers.stream().mapToDouble(line -> (number(line, "x2") - zero) / perPercent))
        .satisfiesExactly(
            x -> assertThat(x).isCloseTo(95, WITHIN), x -> assertThat(x).isCloseTo(45, WITHIN));
    assertThat(number(circles.get(0), "cy")).isLessThan(number(circles.get(1), "cy"));
    assertThat(number(label(svg, "a judge of <b> & co"), "y") - 4)
        .isEqualTo(number(circles.get(0), "cy"));
  }

  @Test
  void shouldDrawBaselinesButNoneOfOneSource() throws Exception {
    // Given
    SequencedMap<String, Double> baselines = new LinkedHashMap<>();
    baselines.put("longer", 0.6);
    baselines.put("longer.chat", 0.1);

    // When
    Document svg = drawn(dots, baselines);

    // Then
    List<Element> dashed =
        elements(svg, "line").stream()
            .filter(line -> line.hasAttribute("stroke-dasharray"))
            .toList();
    assertThat(dashed).hasSize(1);
    assertThat(dashed.getFirst().getAttribute("x1"))
        .isEqualTo(label(svg, "longer 60.0").getAttribute("x"));
  }

  @Test
  void shouldNotLetALongNameTakeThePlace() throws Exception {
    // Given
    Dot dot = new Dot("name ".repeat(100), 0.5, new ConfidenceInterval(0.4, 0.6, "wilson"));

    // When
    Document svg = drawn(List.of(dot), new LinkedHashMap<>());

    // Then
    assertThat(number(label(svg, "0"), "x")).isLessThan(400);
  }

  @Test
  void shouldPutLabelsThatWouldOverlapIntoRowsOfTheirOwn() throws Exception {
    // Given
    SequencedMap<String, Double> baselines = new LinkedHashMap<>();
    for (String name : List.of("longer", "first", "second", "shortest")) {
      baselines.put(name, 0.5 + baselines.size() / 1000.0);
    }
    baselines.put("far", 0.9);

    // When
    Document svg = drawn(dots, baselines);

    // Then
    List<Element> labels =
        elements(svg, "text").stream()
            .filter(text -> text.getTextContent().matches("[a-z]+ \\d+\\.\\d"))
            .toList();
    Element title = label(svg, "rewardbench: accuracy in percent, 95 % intervals");
    assertThat(labels).hasSize(5);
    assertThat(labels.stream().map(text -> text.getAttribute("y")).distinct()).hasSize(4);
    assertThat(label(svg, "far 90.0").getAttribute("y"))
        .isEqualTo(label(svg, "longer 50.0").getAttribute("y"));
    assertThat(labels)
        .allSatisfy(text -> assertThat(number(text, "y")).isGreaterThan(number(title, "y") + 10));
    assertThat(number(elements(svg, "circle").getFirst(), "cy"))
        .isGreaterThan(labels.stream().mapToDouble(text -> number(text, "y")).max().orElseThrow());
  }

  @Test
  void shouldKeepBothEndsOfNamesThatAreTooLong() throws Exception {
    // Given
    String name = "checkpoints-of-a-very-long-experiment-name/".repeat(3) + "version-%d";
    ConfidenceInterval interval = new ConfidenceInterval(0.4, 0.6, "wilson");
    List<Dot> versions =
        List.of(
            new Dot(name.formatted(7), 0.5, interval), new Dot(name.formatted(8), 0.5, interval));

    // When
    Document svg = drawn(versions, new LinkedHashMap<>());

    // Then
    assertThat(elements(svg, "text").stream().map(Element::getTextContent))
        .anySatisfy(text -> assertThat(text).startsWith("checkpoints").endsWith("version-7"))
        .anySatisfy(text -> assertThat(text).startsWith("checkpoints").endsWith("version-8"));
  }

  private static final org.assertj.core.data.Offset<Double> WITHIN =
      org.assertj.core.data.Offset.offset(0.05);

  private static Document drawn(List<Dot> dots, SequencedMap<String, Double> baselines)
      throws Exception {
    String svg = AccuracyPlot.svg("rewardbench", dots, baselines);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static Element label(Document svg, String text) {
    return elements(svg, "text").stream()
        .filter(element -> element.getTextContent().equals(text))
        .findFirst()
        .orElseThrow();
  }

  private static List<Element> elements(Document svg, String name) {
    NodeList found = svg.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }
}
