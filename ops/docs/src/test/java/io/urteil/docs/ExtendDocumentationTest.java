package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of {@code ops/docs/extend} are sources that other tests compile and run. */
class ExtendDocumentationTest {

  private static final Path PAGES = Repository.ROOT.resolve("ops/docs/extend");
  private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SOURCE = Pattern.compile("\\]\\(([^)]+/src/test/[^)]+\\.java)\\)");

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(page -> !page.endsWith("README.md")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void shouldShowASourceOfTheTests(Path page) throws IOException {
    // Given
    String text = Files.readString(page);
    List<String> sources = new ArrayList<>();
    for (MatchResult link : SOURCE.matcher(text).results().toList()) {
      sources.add(Files.readString(PAGES.resolve(link.group(1))));
    }

    // When
    List<String> shown = CODE.matcher(text).results().map(code -> code.group(1)).toList();

    // Then
    assertThat(shown).isNotEmpty();
    assertThat(shown)
        .allSatisfy(code -> assertThat(sources).anyMatch(source -> source.contains(code)));
  }
}
