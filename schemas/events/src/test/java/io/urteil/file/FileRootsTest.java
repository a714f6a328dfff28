package io.urteil.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileRootsTest {

  private static final String SECRET = "the-content-of-the-secret";
  private static Path place = Path.of("");

  @TempDir private Path directory;

  @BeforeContainer
  static void prepare() throws IOException {
    place = laidOut(Files.createTempDirectory("roots"));
  }

  @AfterContainer
  static void remove() throws IOException {
    try (var tree = Files.walk(place)) {
      tree.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  /** Two roots with a model and links that stay inside or lead out, beside a secret. */
  private static Path laidOut(Path place) throws IOException {
    Path data = Files.createDirectories(place.resolve("data"));
    Path models = Files.createDirectories(place.resolve("models/qwen"));
    Files.createDirectories(place.resolve("models-private"));
    Files.writeString(place.resolve("models-private/config.json"), SECRET);
    Files.writeString(place.resolve("secret"), SECRET);
    Files.writeString(models.resolve("config.json"), "{}");
    Files.createSymbolicLink(data.resolve("inside"), models);
    Files.createSymbolicLink(data.resolve("outside"), place.resolve("models-private"));
    Files.createSymbolicLink(data.resolve("up"), place);
    Files.createSymbolicLink(data.resolve("dangling"), place.resolve("nowhere"));
    Files.createSymbolicLink(data.resolve("loop"), data.resolve("loop"));
    return place.toRealPath();
  }

  private static FileRoots roots(Path place) {
    return FileRoots.of(List.of(place.resolve("data"), place.resolve("models")));
  }

  @Test
  void shouldResolveWhatIsBelowARoot() throws IOException {
    // Given
    Path laid = laidOut(directory);
    FileRoots roots = roots(laid);

    // When / Then
    assertThat(roots.require("model", laid + "/data/../models/qwen"))
        .isEqualTo(laid.resolve("models/qwen"));
    assertThat(roots.require("model", laid.resolve("data/inside")))
        .isEqualTo(laid.resolve("models/qwen"));
    assertThat(roots.require("model", laid + "/data/up/models/qwen/config.json"))
        .isEqualTo(laid.resolve("models/qwen/config.json"));
    assertThat(roots.requireUri("uri", laid.resolve("data/checkpoints/v1").toUri().toString()))
        .isEqualTo(laid.resolve("data/checkpoints/v1"));
    assertThat(roots.requireUri("uri", laid.resolve("models/q%20w en").toUri().toString()))
        .isEqualTo(laid.resolve("models/q%20w en"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@/secret",
        "@/models-private/config.json",
        "@/models/../secret",
        "@/data/outside/config.json",
        "@/data/up/secret",
        "@/data/dangling/x",
        "@/data/loop",
        "@/models/none/../../secret",
        "@/data/none/../../secret",
        "/etc/passwd",
        "../../../../../../etc/passwd",
        "file:///etc/passwd",
        "file:@/secret",
        "file://@/secret",
        "file://host@/models/qwen",
        "file://localhost@/models/qwen",
        "file:////host/share",
        "file:@/models/qwen?x",
        "file:@/models/qwen#x",
        "file:@/models/%2e%2e/secret",
        "file:@/models/%2E%2e%2fsecret",
        "file:@/models/qwen%00",
        "file:models/qwen",
        "file:",
        "FILE:@/secret",
        "http://x",
        "https://host@/models/qwen",
        "jar:file:@/models/qwen!/x",
        "jrt:/java.base",
        "C:\\models",
        "\\\\host\\share",
        "//host/share",
        "not a uri",
        "",
        " ",
        "\u0000",
        "@/models/qwen\u0000.yaml"
      })
  void shouldRejectEverythingElseWithoutItsContent(String name) throws IOException {
    // Given
    Path laid = laidOut(directory);
    String named = name.replace("@", laid.toString());

    // When / Then
    assertThatThrownBy(() -> roots(laid).requireUri("uri", named))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("uri: '")
        .hasMessageContaining("(expected: ")
        .hasMessageNotContaining(SECRET)
        .hasMessageNotContaining("\u0000")
        .satisfies(
            thrown -> assertThat(String.valueOf(thrown.getMessage()).length()).isLessThan(260));
  }

  @Test
  void shouldRejectWhatExistsOutsideAsWhatDoesNot() throws IOException {
    // Given
    FileRoots roots = roots(laidOut(directory));

    // When
    String exists = message(roots, directory + "/secret");
    String missing = message(roots, directory + "/sacred");

    // Then
    assertThat(exists.replace("secret", "")).isEqualTo(missing.replace("sacred", ""));
  }

  private static String message(FileRoots roots, String name) {
    return String.valueOf(catchThrowable(() -> roots.require("model", name)));
  }

  @Test
  void shouldOpenAnyPathWithoutLimitsButNoOtherScheme() {
    // When / Then
    assertThat(FileRoots.any().require("model", "../x")).isEqualTo(Path.of("../x"));
    assertThat(FileRoots.any().requireUri("uri", "file:///etc")).isEqualTo(Path.of("/etc"));
    assertThatThrownBy(() -> FileRoots.any().requireUri("uri", "http://x"))
        .hasMessage("uri: 'http://x' (expected: a URI of the scheme file)");
    assertThatThrownBy(() -> FileRoots.any().requireUri("uri", "a\u0000b"))
        .hasMessage("uri: 'a?b' (expected: a path)");
  }

  /** Whatever a name is made of: rejected, or a real path below a root that holds no secret. */
  @Property(tries = 3_000)
  void shouldNeverReachAFileOutsideOfTheRoots(@ForAll("names") String name) {
    // Given
    String named = name.replace("@", place.toString());

    // When
    Path resolved;
    try {
      resolved = roots(place).requireUri("uri", named);
    } catch (IllegalArgumentException e) {
      return;
    }

    // Then
    assertThat(resolved)
        .satisfiesAnyOf(
            path -> assertThat(path).startsWithRaw(place.resolve("data")),
            path -> assertThat(path).startsWithRaw(place.resolve("models")));
    assertThat(resolved).isAbsolute().isNormalized();
    if (Files.isRegularFile(resolved)) {
      assertThat(content(resolved)).doesNotContain(SECRET);
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "..",
            ".",
            "",
            "data",
            "models",
            "models-private",
            "qwen",
            "config.json",
            "secret",
            "inside",
            "outside",
            "up",
            "dangling",
            "loop",
            "none",
            "%2e%2e",
            "%2f",
            "%00",
            "\u0000",
            "\\",
            "~",
            " ",
            "data\u0301");
    Arbitrary<String> path = piece.list().ofMaxSize(7).map(pieces -> String.join("/", pieces));
    Arbitrary<String> start =
        Arbitraries.of(
            "@/",
            "@/data/",
            "@/models/",
            "@",
            "",
            "/",
            "//",
            "\\\\",
            "file:@/data/",
            "file://@/data/",
            "file://host@/data/",
            "FILE:@/models/",
            "file:",
            "http://h@/data/",
            "jar:file:@/data/");
    Arbitrary<String> end = Arbitraries.of("", "", "", "/", "?q", "#f", "!/x", ".yaml");
    return Combinators.combine(start, path, end).as((a, b, c) -> a + b + c);
  }
}
