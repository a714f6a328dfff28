package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.urteil.topology.TopologySettings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ops/docs/configuration.md} against picocli's model and the sources. */
class ConfigurationDocumentationTest {

  private static final String PAGE = "ops/docs/configuration.md";
  private static final Pattern PROPERTY =
      Pattern.compile("\"(urteil(?:\\.[a-z-]+){2,})\"(?:,\\s*\"?([0-9_]+|[a-z]+(?=\")))?");
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
  void shouldListEverySystemPropertyWithItsDefault() throws IOException {
    // Given
    Map<String, String> inCode = new TreeMap<>(topologyProperties());
    for (Path source : Repository.javaSources("main")) {
      Matcher matcher = PROPERTY.matcher(Files.readString(source));
      while (matcher.find()) {
        String fallback = matcher.group(2);
        assertThat(fallback).as("default of %s in %s", matcher.group(1), source).isNotNull();
        inCode.put(matcher.group(1), String.valueOf(fallback).replace("_", ""));
      }
    }

    // When
    Map<String, String> documented = new TreeMap<>();
    for (List<String> row : DocumentationPage.read(PAGE).table("System properties").rows()) {
      documented.put(DocumentationPage.code(row.get(0)), DocumentationPage.code(row.get(1)));
      assertThat(row.get(2)).as(row.get(0)).isNotEmpty();
    }

    // Then
    assertThat(inCode).hasSizeGreaterThan(10);
    assertThat(documented).containsExactlyEntriesOf(inCode);
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
    assertThat(inCode).hasSizeGreaterThan(2);
    assertThat(documented)
        .containsAll(inCode)
        .allSatisfy(name -> assertThat(texts).containsPattern("\\b" + name + "\\b"));
  }

  /** The topology names its properties itself when it is given one that it does not know. */
  private static Map<String, String> topologyProperties() {
    Properties unknown = new Properties();
    unknown.setProperty(TopologySettings.PREFIX + "zzz", "1");
    IllegalArgumentException refused =
        catchThrowableOfType(IllegalArgumentException.class, () -> TopologySettings.of(unknown));
    Matcher names = Pattern.compile("one of (.*)\\)").matcher(String.valueOf(refused.getMessage()));
    assertThat(names.find()).isTrue();
    Map<String, String> defaults = new TreeMap<>();
    for (String name : names.group(1).split(", ", -1)) {
      defaults.put(TopologySettings.PREFIX + name, topologyDefault(name));
    }
    return defaults;
  }

  private static String topologyDefault(String name) {
    TopologySettings settings = TopologySettings.of(new Properties());
    for (RecordComponent component : TopologySettings.class.getRecordComponents()) {
      if (component.getName().equals(camel(name))) {
        try {
          Object value = component.getAccessor().invoke(settings);
          return value instanceof Duration duration
              ? Long.toString(duration.toMillis())
              : String.valueOf(value);
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      }
    }
    throw new AssertionError("no component of TopologySettings for " + name);
  }

  private static String camel(String kebab) {
    return Pattern.compile("-(.)")
        .matcher(kebab)
        .replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
  }

  private static List<String> row(DocumentationPage.Table table, String name) {
    return table.rows().stream()
        .filter(row -> DocumentationPage.code(row.getFirst()).equals(name))
        .findFirst()
        .orElseThrow();
  }
}
