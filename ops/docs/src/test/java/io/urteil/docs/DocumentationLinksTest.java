package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README.md, those of the modules and ops/docs: what they point to is there. */
class DocumentationLinksTest {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern TEST = Pattern.compile("\\bshould[A-Z][A-Za-z0-9]+\\b");
  private static final Pattern DIAGRAM = Pattern.compile("```mermaid\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLASS_IN_BOX = Pattern.compile("\\[\"?([A-Z][A-Za-z0-9]+)\\b");

  @Test
  void shouldPointOnlyToWhatIsInTheRepository() throws IOException {
    // Given
    List<String> broken = new ArrayList<>();
    int links = 0;

    // When
    for (Path page : Repository.pages()) {
      String text = String.join("\n", DocumentationPage.of(Files.readString(page)).lines());
      Matcher link = LINK.matcher(text);
      while (link.find()) {
        String target = link.group(1);
        if (!target.matches("[a-z]+:.*")) {
          links++;
          if (!isThere(page, target)) {
            broken.add(Repository.ROOT.relativize(page) + " -> " + target);
          }
        }
      }
    }

    // Then
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(50);
  }

  @Test
  void shouldNameOnlyTestsThatExist() throws IOException {
    // Given
    Set<String> tests = new TreeSet<>();
    for (Path source : Repository.javaSources("test")) {
      TEST.matcher(Files.readString(source)).results().forEach(found -> tests.add(found.group()));
    }

    // When
    Set<String> named = new TreeSet<>();
    for (Path page : Repository.pages()) {
      TEST.matcher(Files.readString(page)).results().forEach(found -> named.add(found.group()));
    }

    // Then
    assertThat(named).isNotEmpty();
    assertThat(tests).containsAll(named);
  }

  @Test
  void shouldDrawOnlyClassesThatExist() throws IOException {
    // Given
    Set<String> classes = new TreeSet<>();
    for (Path source : Repository.javaSources("main")) {
      classes.add(source.getFileName().toString().replace(".java", ""));
    }

    // When
    Set<String> drawn = new TreeSet<>();
    for (Path page : Repository.pages()) {
      Matcher diagram = DIAGRAM.matcher(Files.readString(page));
      while (diagram.find()) {
        CLASS_IN_BOX.matcher(diagram.group(1)).results().forEach(box -> drawn.add(box.group(1)));
      }
    }

    // Then
    assertThat(drawn).isNotEmpty();
    assertThat(classes).containsAll(drawn);
  }

  @Test
  void shouldReachEveryPageFromTheIndex() throws IOException {
    // Given
    String index = Repository.text("ops/docs/README.md");

    // Then
    Path docs = Repository.ROOT.resolve("ops/docs");
    assertThat(Repository.pages())
        .filteredOn(page -> page.startsWith(docs) && !page.equals(docs.resolve("README.md")))
        .filteredOn(page -> !page.startsWith(docs.resolve("changes")))
        .allSatisfy(
            page ->
                assertThat(index)
                    .contains("(" + docs.relativize(page).toString().replace('\\', '/') + ")"));
  }

  @Test
  void shouldIntroduceEveryModuleInAReadme() throws IOException {
    // Given
    List<String> modules = Repository.modules();

    // Then
    assertThat(modules).hasSizeGreaterThan(5);
    assertThat(modules)
        .filteredOn(module -> !module.equals("ops/docs"))
        .allSatisfy(
            module ->
                assertThat(Repository.text(module + "/README.md"))
                    .contains("| in |", "| out |", "| may import |", "Start reading at"));
  }

  private static boolean isThere(Path page, String target) throws IOException {
    int mark = target.indexOf('#');
    String place = mark < 0 ? target : target.substring(0, mark);
    Path file =
        place.isEmpty()
            ? page
            : Objects.requireNonNull(page.getParent()).resolve(place).normalize();
    if (!file.startsWith(Repository.ROOT) || !Files.exists(file)) {
      return false;
    }
    return mark < 0
        || DocumentationPage.of(Files.readString(file))
            .anchors()
            .contains(target.substring(mark + 1));
  }
}
