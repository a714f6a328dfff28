package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The words of {@code ops/docs/glossary.md}: its terms exist in code, and its retired words are
 * neither in a page nor in comments, messages, logs and option texts of main sources.
 */
class WordsDocumentationTest {

  /** Files and folders where a retired word is correct, each with the reason. */
  private static final List<Exemption> EXEMPTIONS =
      List.of(
          new Exemption(
              "schemas/events/src/main/java/io/urteil/advantage/AdvantagePresets.java",
              "prime",
              "the name of a preset, after the trainer prime-rl"),
          new Exemption(
              "schemas/events/src/main/java/io/urteil/run/judge/JudgePanel.java",
              "prime",
              "the run-file key server.prime"),
          new Exemption(
              "judge-service/service/src/main/java/io/urteil/judges/answer/math/Math",
              "floor",
              "The mathematical function, and its LaTeX command."),
          new Exemption(
              "schemas/models/src/main/java/io/urteil/prompt/sentence/Doubt",
              "nobody",
              "A word of the judges' texts."),
          new Exemption(
              "schemas/models/src/main/java/io/urteil/prompt/sentence/Doubt",
              "says",
              "A word of the judges' texts."),
          new Exemption(
              "schemas/models/src/main/java/io/urteil/prompt/sentence/Doubt",
              "told",
              "A word of the judges' texts."),
          new Exemption(
              "schemas/models/src/main/java/io/urteil/prompt/sentence/Doubt",
              "tells",
              "A word of the judges' texts."),
          new Exemption(
              "schemas/models/src/main/java/io/urteil/prompt/sentence/Doubt",
              "said",
              "A word of the judges' texts."),
          new Exemption(
              "schemas/models/src/main/java/io/urteil/prompt/sentence/Doubt",
              "saying",
              "A word of the judges' texts."),
          new Exemption(
              "judge-service/service/src/main/java/io/urteil/judges/answer/number/Prose",
              "paid",
              "A word of the answers."),
          new Exemption(
              "judge-service/service/src/main/java/io/urteil/judges/answer/number/Prose",
              "pays",
              "A word of the answers."),
          new Exemption(
              "judge-service/service/src/main/java/io/urteil/judges/answer/number/Prose",
              "doubled",
              "A word of the answers."));

  /**
   * @param path from the root of the repository
   * @param word in lower case
   */
  record Exemption(String path, String word, String reason) {

    boolean covers(Finding finding) {
      return finding.file().startsWith(path) && finding.word().equalsIgnoreCase(word);
    }
  }

  /** A retired word in a file. */
  record Finding(String file, int line, String word) {}

  static Stream<Path> files() throws IOException {
    List<Path> files = new ArrayList<>(Repository.pages());
    files.addAll(Repository.javaSources("main"));
    return files.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldUseNoRetiredWord(Path file) throws IOException {
    // When
    List<Finding> findings = findings(file);

    // Then
    assertThat(findings)
        .filteredOn(finding -> EXEMPTIONS.stream().noneMatch(exempt -> exempt.covers(finding)))
        .isEmpty();
  }

  @Test
  void shouldNeedEveryExemption() throws IOException {
    // Given
    List<Finding> findings = new ArrayList<>();
    for (Path file : files().toList()) {
      findings.addAll(findings(file));
    }

    // Then
    assertThat(EXEMPTIONS)
        .allSatisfy(exempt -> assertThat(exempt.reason()).isNotEmpty())
        .allSatisfy(exempt -> assertThat(findings).anyMatch(exempt::covers));
  }

  @Test
  void shouldNameOnlyTypesAndTopicsThatExistInTheGlossary() throws IOException {
    // Given
    Set<String> known = new TreeSet<>();
    Arrays.stream(Topic.values()).map(Topic::baseName).forEach(known::add);
    for (Path source : Repository.javaSources("main")) {
      known.add(source.getFileName().toString().replace(".java", ""));
    }
    try (Stream<Path> schemas =
        Files.list(Repository.ROOT.resolve("schemas/events/src/main/avro"))) {
      schemas.forEach(schema -> known.add(schema.getFileName().toString().replace(".avsc", "")));
    }

    // When
    List<String> names = Glossary.namesInCode();

    // Then
    assertThat(names).hasSizeGreaterThan(50);
    assertThat(names)
        .filteredOn(name -> !name.contains("."))
        .allSatisfy(name -> assertThat(known).contains(name));
  }

  @Test
  void shouldFindRetiredWordsInProseAndNotInCode() {
    // Given
    Pattern retired = Glossary.anyOf(List.of("whoever", "goes on"));
    String page = "Whoever reads `whoever`,\n```\nwhoever\n```\nand [goes\non](goes-on.md).";
    String source =
        """
        /** Whoever calls {@code whoever}; it goes
         * on.
         * @param whoever a parameter */
        int whoever = '"'; // whoever
        String text = "\\"whoever";
        """;

    // Then
    assertThat(findings(retired, "page", Prose.ofMarkdown(page)))
        .containsExactly(new Finding("page", 1, "Whoever"), new Finding("page", 5, "goes on"));
    assertThat(findings(retired, "source", Prose.ofJava(source)))
        .containsExactly(
            new Finding("source", 1, "Whoever"),
            new Finding("source", 1, "goes on"),
            new Finding("source", 4, "whoever"),
            new Finding("source", 5, "whoever"));
  }

  private static List<Finding> findings(Path file) throws IOException {
    String name = name(file);
    String text = Files.readString(file);
    String prose = name.endsWith(".md") ? Prose.ofMarkdown(text) : Prose.ofJava(text);
    if (name.equals(Glossary.PAGE)) {
      prose = prose.substring(0, prose.indexOf("## " + Glossary.RETIRED));
    }
    return findings(Glossary.anyOf(Glossary.retired()), name, prose);
  }

  private static List<Finding> findings(Pattern retired, String file, String prose) {
    List<Finding> findings = new ArrayList<>();
    Matcher matcher = retired.matcher(prose);
    while (matcher.find()) {
      long lineEnds = prose.substring(0, matcher.start()).chars().filter(c -> c == '\n').count();
      String word = matcher.group().replaceAll("\\s+", " ");
      findings.add(new Finding(file, (int) lineEnds + 1, word));
    }
    return findings;
  }

  private static String name(Path file) {
    return Repository.ROOT.relativize(file).toString().replace('\\', '/');
  }
}
