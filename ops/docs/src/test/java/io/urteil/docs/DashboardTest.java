package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.urteil.metrics.MeterDefinition;
import io.urteil.metrics.MeterScope;
import io.urteil.testing.MeterDefinitions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code ops/dashboards} against what Prometheus scrapes of the meters. */
class DashboardTest {

  private static final String FOLDER = "ops/dashboards/";
  private static final Pattern METRIC = Pattern.compile("\\b(?:urteil|kafka)_[a-z_]+\\b");
  private static final Pattern SELECTED = Pattern.compile("\\{([^}]*)}");
  private static final Pattern GROUPED = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~?|!=|!~|,|$)");

  /** Given by the scrape configuration. */
  private static final Set<String> OF_THE_SCRAPE = Set.of("service");

  /** Labels of each sample of our meters, by its name. */
  private static final Map<String, Set<String>> SAMPLES = new HashMap<>();

  private static JsonNode dashboard;

  @BeforeAll
  static void read() throws IOException {
    dashboard = new ObjectMapper().readTree(Repository.text(FOLDER + "urteil.json"));
    scrape().lines().filter(line -> !line.startsWith("#")).forEach(DashboardTest::addSample);
  }

  @Test
  void shouldAskOnlyForMetricsThatThereAre() throws IOException {
    // Given
    String page = Repository.text("ops/docs/metrics.md");

    // When
    Set<String> asked = new HashSet<>();
    expressions().forEach(one -> asked.addAll(found(METRIC, one)));

    // Then
    assertThat(asked)
        .hasSizeGreaterThan(25)
        .allSatisfy(
            metric -> {
              if (metric.startsWith("urteil_")) {
                assertThat(SAMPLES).containsKey(metric);
              } else {
                assertThat(page).contains("`" + metric + "`");
              }
            });
  }

  @Test
  void shouldSelectAndGroupByLabelsThatThoseMetricsHave() {
    for (String expression : expressions()) {
      // Given
      Set<String> labels = new HashSet<>(OF_THE_SCRAPE);
      found(METRIC, expression)
          .forEach(metric -> labels.addAll(SAMPLES.getOrDefault(metric, Set.of())));
      boolean ours = expression.contains("urteil_");

      // When
      Set<String> used = new HashSet<>();
      for (Pattern clause : List.of(SELECTED, GROUPED)) {
        Matcher matcher = clause.matcher(expression);
        while (matcher.find()) {
          Matcher label = LABEL.matcher(matcher.group(1));
          while (label.find()) {
            used.add(label.group(1));
          }
        }
      }

      // Then
      if (ours) {
        assertThat(labels).as(expression).containsAll(used);
      }
    }
  }

  @Test
  void shouldShowEveryMeterButThoseThatOnlyTheTableHas() {
    // Given
    Set<String> onlyInTheTable =
        Set.of(
            "urteil.trainer.learning.rate", "urteil.trainer.mean.reward", "urteil.sampler.tokens");
    String all = String.join("\n", expressions());

    // Then
    assertThat(MeterDefinitions.all().keySet())
        .filteredOn(name -> !all.contains(name.replace('.', '_')))
        .containsExactlyInAnyOrderElementsOf(onlyInTheTable);
  }

  @Test
  void shouldReadTheProvisionedDataSource() throws IOException {
    // When
    JsonNode source = yaml("provisioning/datasources/prometheus.yaml").at("/datasources/0");

    // Then
    assertThat(panels())
        .isNotEmpty()
        .allSatisfy(panel -> assertThat(panel.at("/datasource/uid")).isEqualTo(source.path("uid")));
    assertThat(panels()).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
    assertThat(yaml("provisioning/dashboards/urteil.yaml").at("/providers/0/type").asText())
        .isEqualTo("file");
  }

  @Test
  void shouldScrapeServicesOfTheComposeFile() throws IOException {
    // Given
    JsonNode services =
        new ObjectMapper(new YAMLFactory())
            .readTree(Repository.text("docker-compose.yml"))
            .path("services");

    // When
    JsonNode job = yaml("prometheus.yml").at("/scrape_configs/0");

    // Then
    assertThat(job.path("metrics_path").asText()).isEqualTo("/q/metrics");
    assertThat(StreamSupport.stream(job.at("/dns_sd_configs/0/names").spliterator(), false))
        .hasSizeGreaterThan(2)
        .allSatisfy(name -> assertThat(services.has(name.asText())).as(name.asText()).isTrue());
  }

  private static List<String> expressions() {
    List<String> expressions = new ArrayList<>();
    panels()
        .forEach(
            panel ->
                panel
                    .path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asText())));
    dashboard
        .at("/templating/list")
        .forEach(variable -> expressions.add(metricOf(variable.at("/query/query").asText())));
    return expressions;
  }

  /** In {@code label_values(metric, label)} the label is no metric's selector. */
  private static String metricOf(String query) {
    return query.replaceFirst("label_values\\((\\w+), (\\w+)\\)", "sum by ($2) ($1)");
  }

  private static List<JsonNode> panels() {
    List<JsonNode> panels = new ArrayList<>();
    dashboard.path("panels").forEach(panels::add);
    return panels;
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> all = new HashSet<>();
    pattern.matcher(text).results().forEach(match -> all.add(match.group()));
    return all;
  }

  private static JsonNode yaml(String file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(Repository.text(FOLDER + file));
  }

  /** Every meter once, as a service would show it. */
  private static String scrape() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    MeterDefinitions.all().values().forEach(meter -> register(meter, registry));
    return registry.scrape();
  }

  private static void register(MeterDefinition meter, MeterRegistry registry) {
    MeterScope scope = new MeterScope(registry);
    String[] values = meter.tags().stream().map(tag -> "x").toArray(String[]::new);
    switch (meter.kind()) {
      case COUNTER -> scope.counter(meter, values).increment();
      case GAUGE -> scope.lastValue(meter, values).set(1);
      case TIMER -> scope.timer(meter, values).record(java.time.Duration.ofMillis(1));
      case SUMMARY -> scope.summary(meter, values).record(1);
    }
  }

  private static void addSample(String line) {
    Matcher sample = Pattern.compile("(\\w+)(?:\\{(.*)})? .*").matcher(line);
    if (sample.matches()) {
      Set<String> labels = SAMPLES.computeIfAbsent(sample.group(1), name -> new HashSet<>());
      Matcher label = Pattern.compile("(\\w+)=\"").matcher(String.valueOf(sample.group(2)));
      while (label.find()) {
        labels.add(label.group(1));
      }
    }
  }
}
