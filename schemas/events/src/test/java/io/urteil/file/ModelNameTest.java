package io.urteil.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

  @ParameterizedTest
  @CsvSource({
    "Qwen/Qwen2.5-0.5B-Instruct, Qwen, Qwen2.5-0.5B-Instruct, main",
    "a/b@v1.0, a, b, v1.0",
    "a/b@refs/pr/1, a, b, refs/pr/1",
    "_a/b_, _a, b_, main"
  })
  void shouldReadOwnerModelAndRevision(String text, String owner, String model, String revision) {
    assertThat(ModelName.parse(text)).contains(new ModelName(owner, model, revision));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "./org/name",
        "/org/name",
        "org/name/sub",
        "org/name/",
        "../name",
        "org/..",
        "a..b/c",
        "a--b/c",
        ".git/config",
        "org/name@",
        "org/name@../../etc",
        "org/name@/etc",
        "org/name@a//b",
        "org/name@.hidden",
        "org/name@refs/.hidden",
        "org/na me",
        "org/n\u0000",
        "org/name@a@b",
        "org\\name"
      })
  void shouldLeaveOtherTextsToBePaths(String text) {
    assertThat(ModelName.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'', b, main", "a, .., main", "a, b, ../c"})
  void shouldRejectParts(String owner, String model, String revision) {
    assertThatThrownBy(() -> new ModelName(owner, model, revision))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("(expected: OWNER/MODEL or OWNER/MODEL@REVISION)");
  }

  /** The folders of a name stay in the cache, and lead back to the name. */
  @Property
  void shouldStayInTheCache(@ForAll("texts") String text) {
    Optional<ModelName> parsed = ModelName.parse(text);
    if (parsed.isEmpty()) {
      return;
    }
    ModelName name = parsed.get();
    HubCache cache = new HubCache(Path.of("/cache"));
    Path folder = cache.folder(name);
    assertThat(folder.normalize()).isEqualTo(folder).hasParentRaw(Path.of("/cache"));
    Path reference = folder.resolve("refs").resolve(name.revision());
    assertThat(reference.normalize()).isEqualTo(reference).startsWithRaw(folder.resolve("refs"));
    Path snapshot = cache.snapshotFolder(name, "0".repeat(40));
    assertThat(HubCache.displayName(snapshot)).isEqualTo(name.model());
    assertThat(ModelName.parse(name.toString())).contains(name);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "B", "-", "_", ".", "..", "/", "@", "--", "7", "main", "refs/", "\\")
        .list()
        .ofMinSize(1)
        .ofMaxSize(9)
        .map(parts -> String.join("", parts));
  }
}
