package io.urteil.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryOwnerTest {

  private static final DirectoryOwner OWNER = new DirectoryOwner("c1", "p.", "r", "h1");

  @TempDir private Path directory;

  @Test
  void shouldRejectAnotherClusterPrefixRunOrRunFileAndNameBoth() throws IOException {
    // Given
    OWNER.claim(directory);
    Files.createDirectories(directory.resolve("lineage-1/version-000001"));
    Map<String, String> before = content(directory);

    // When / Then
    assertThatCode(() -> OWNER.claim(directory)).doesNotThrowAnyException();
    for (DirectoryOwner other :
        List.of(
            new DirectoryOwner("c2", "p.", "r", "h1"),
            new DirectoryOwner("c1", "", "r", "h1"),
            new DirectoryOwner("c1", "p.", "other", "h1"),
            new DirectoryOwner("c1", "p.", "r", "h2"))) {
      assertThatThrownBy(() -> other.claim(directory))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll(
              "belongs to cluster 'c1', prefix 'p.', run 'r' with hash h1 (expected: cluster '"
                  + other.cluster(),
              "another --data-dir",
              "nothing was changed");
    }
    assertThat(content(directory)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cluster=c1", "cluster=\\uXYZW", "\u0000"})
  void shouldRejectADamagedFile(String text) throws IOException {
    // Given
    Files.writeString(directory.resolve(DirectoryOwner.FILE), text);

    // When / Then
    assertThatThrownBy(() -> OWNER.claim(directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is damaged (expected: cluster, prefix, run and run-hash)");
  }

  /** Only the first owner of a directory uses it, whatever the names, and nothing else changes. */
  @Property(tries = 200)
  void shouldBelongToTheFirstOwnerOnly(@ForAll("owners") List<DirectoryOwner> owners)
      throws IOException {
    // Given
    Path place = Files.createTempDirectory("owner");
    DirectoryOwner first = owners.getFirst();
    first.claim(place);
    Map<String, String> before = content(place);

    // When / Then
    for (DirectoryOwner owner : owners) {
      if (owner.equals(first)) {
        assertThatCode(() -> owner.claim(place)).doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> owner.claim(place)).isInstanceOf(IllegalStateException.class);
      }
    }
    assertThat(content(place)).isEqualTo(before);
    Files.delete(place.resolve(DirectoryOwner.FILE));
    Files.delete(place);
  }

  @Provide
  Arbitrary<List<DirectoryOwner>> owners() {
    Arbitrary<String> texts =
        Arbitraries.of("", "a", "b", " a", "a ", "\\", "a=b", "#", "\n", "ä", "\u0000", "a:b");
    return Combinators.combine(texts, texts, texts, texts)
        .as(DirectoryOwner::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  private static Map<String, String> content(Path place) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (var tree = Files.walk(place)) {
      for (Path path : tree.toList()) {
        found.put(path.toString(), Files.isDirectory(path) ? "" : Files.readString(path));
      }
    }
    return found;
  }
}
