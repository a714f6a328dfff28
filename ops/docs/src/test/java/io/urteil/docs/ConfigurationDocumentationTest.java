package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.judge.app.EngineConfig;
import io.urteil.judge.app.FeederConfig;
import io.urteil.judge.app.JudgeConfig;
import io.urteil.judge.app.SamplerConfig;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.service.app.ConfigKeys;
import io.urteil.service.app.NamespaceConfig;
import io.urteil.topology.app.TopologyConfig;
import io.urteil.trainer.app.TrainerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ops/docs/configuration.md} against picocli's model and the sources. */
class ConfigurationDocumentationTest {

  private static final String PAGE = "ops/docs/configuration.md";
  private static final List<Class<?>> MAPPINGS =
      List.of(
          JudgeConfig.class,
          SamplerConfig.class,
          FeederConfig.class,
          EngineConfig.class,
          TopologyConfig.class,
          TrainerConfig.class,
          NamespaceConfig.class);
  private static final Pattern VARIABLE = Pattern.compile("\\bURTEIL_[A-Z_]+\\b");

  static Set<Map.Entry<String, List<CommandLineOptions.Argument>>> commands() {
    return CommandLineOptions.byCommand().entrySet();
  }

  @Test
  void shouldHaveASectionForEachCommandAndNoOther() throws IOException {
    // When
    List<String> sections =
        DocumentationPage.read(PAGE).headings(3).stream()
            .map(DocumentationPage::code)
            .sorted()
            .toList();

    // Then
    assertThat(sections).containsExactlyElementsOf(CommandLineOptions.byCommand().keySet());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldListTheArgumentsOfACommandWithTheirDefaults(
      Map.Entry<String, List<CommandLineOptions.Argument>> command) throws IOException {
    // When
    DocumentationPage.Table table =
        DocumentationPage.read(PAGE).table("`" + command.getKey() + "`");

    // Then
    assertThat(table.column(0).stream().map(DocumentationPage::code))
        .containsExactlyInAnyOrderElementsOf(
            command.getValue().stream().map(CommandLineOptions.Argument::name).toList());
    for (CommandLineOptions.Argument argument : command.getValue()) {
      List<String> row = row(table, argument.name());
      assertThat(row.get(2)).as("meaning of " + argument.name()).isNotEmpty();
      if (argument.fallback() != null) {
        assertThat(row.get(1)).as(argument.name()).isEqualTo("`" + argument.fallback() + "`");
      } else {
        assertThat(row.get(1).equals("required"))
            .as("%s is required: %s", argument.name(), row.get(1))
            .isEqualTo(argument.required());
        assertThat(DocumentationPage.isCode(row.get(1))).as(argument.name()).isFalse();
      }
    }
  }

  @Test
  void shouldListTheOptionsOfEveryCommand() throws IOException {
    // When
    DocumentationPage.Table table = DocumentationPage.read(PAGE).table("Every command");

    // Then
    assertThat(table.column(0).stream().map(DocumentationPage::code))
        .containsExactlyInAnyOrderElementsOf(CommandLineOptions.ofEveryCommand());
  }

  @Test
  void shouldListEverySettingWithItsDefault() throws IOException {
    // When
    Map<String, String> documented = settings("Settings");

    // Then
    assertThat(ProcessSettings.defaults()).hasSizeGreaterThan(20);
    assertThat(documented).containsExactlyEntriesOf(new TreeMap<>(ProcessSettings.defaults()));
  }

  @Test
  void shouldListEverySettingOfTheServiceApplicationsAlone() throws IOException {
    // Given
    Map<String, String> keys = new TreeMap<>();
    for (Class<?> mapping : MAPPINGS) {
      keys.putAll(ConfigKeys.of(mapping));
    }

    // When
    Map<String, String> documented = settings("Settings of the service applications");

    // Then
    Map<String, String> all = new TreeMap<>(ProcessSettings.defaults());
    documented.forEach((key, fallback) -> all.put(key, fallback));
    // No service application has a gateway.
    all.keySet().removeIf(key -> key.endsWith(".*") || key.startsWith("urteil.gateway."));
    assertThat(all).containsExactlyEntriesOf(keys);
  }

  /** Keys of a table, with their defaults; empty where no default is code. */
  private static Map<String, String> settings(String table) throws IOException {
    Map<String, String> documented = new TreeMap<>();
    for (List<String> row : DocumentationPage.read(PAGE).table(table).rows()) {
      documented.put(
          DocumentationPage.code(row.get(0)),
          DocumentationPage.isCode(row.get(1)) ? DocumentationPage.code(row.get(1)) : "");
      assertThat(row.get(2)).as(row.get(0)).isNotEmpty();
    }
    return documented;
  }

  @Test
  void shouldListEveryEnvironmentVariable() throws IOException {
    // Given
    List<Path> readers = new ArrayList<>(Repository.javaSources("main"));
    readers.add(Repository.ROOT.resolve("ops/urteil"));
    readers.add(Repository.ROOT.resolve("docker-compose.yml"));
    StringBuilder texts = new StringBuilder();
    for (Path reader : readers) {
      texts.append(Files.readString(reader)).append('\n');
    }
    Set<String> inCode = new TreeSet<>();
    VARIABLE.matcher(texts).results().forEach(found -> inCode.add(found.group()));

    // When
    Set<String> documented = new TreeSet<>();
    DocumentationPage.read(PAGE).table("Environment variables").column(0).stream()
        .map(DocumentationPage::code)
        .forEach(documented::add);

    // Then
    Set<String> ofSettings = new TreeSet<>();
    for (String table : List.of("Settings", "Settings of the service applications")) {
      settings(table).keySet().forEach(key -> ofSettings.add(variable(key)));
    }
    inCode.removeIf(
        name -> ofSettings.contains(name) || documented.stream().anyMatch(isPrefixOf(name)));
    assertThat(inCode).hasSizeGreaterThan(2);
    assertThat(documented)
        .containsAll(inCode)
        .allSatisfy(name -> assertThat(texts).containsPattern("\\b" + name + "\\b"));
  }

  /** The environment variable of a setting. */
  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private static Predicate<String> isPrefixOf(String name) {
    return prefix -> prefix.endsWith("_") && !prefix.equals(name) && name.startsWith(prefix);
  }

  private static List<String> row(DocumentationPage.Table table, String name) {
    return table.rows().stream()
        .filter(row -> DocumentationPage.code(row.getFirst()).equals(name))
        .findFirst()
        .orElseThrow();
  }
}
