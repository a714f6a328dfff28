package io.urteil.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubCacheTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final ModelName NAME = new ModelName("org", "tiny", ModelName.MAIN);

  private final Path directory;
  private final HubCache cache;

  HubCacheTest(@TempDir Path directory) {
    this.directory = directory;
    this.cache = new HubCache(directory.resolve("hub"));
  }

  private Path snapshot(String... files) throws IOException {
    Path snapshot = Files.createDirectories(cache.snapshotFolder(NAME, COMMIT));
    for (String file : files) {
      Files.writeString(snapshot.resolve(file), "{}");
    }
    Path refs = Files.createDirectories(cache.folder(NAME).resolve("refs"));
    Files.writeString(refs.resolve("main"), COMMIT);
    return snapshot;
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "none, none, none, /home/me/.cache/huggingface/hub",
        "none, none, /x, /x/huggingface/hub",
        "none, /hf, /x, /hf/hub",
        "/c, /hf, /x, /c",
        "~/c, none, none, /home/me/c"
      })
  void shouldBeWhereTheVariablesName(String hubCache, String hfHome, String xdg, String expected) {
    Map<String, String> environment = new java.util.HashMap<>();
    environment.put("HF_HUB_CACHE", hubCache == null ? "" : hubCache);
    environment.put("HF_HOME", hfHome == null ? "" : hfHome);
    environment.put("XDG_CACHE_HOME", xdg == null ? "" : xdg);
    assertThat(HubCache.of(environment, Path.of("/home/me")).directory())
        .isEqualTo(Path.of(expected));
  }

  @Test
  void shouldRejectAVariableThatIsNoPath() {
    assertThatThrownBy(() -> HubCache.of(Map.of("HF_HOME", "a\u0000"), directory))
        .hasMessageStartingWith("HF_HOME: '");
  }

  @Test
  void shouldFindACompleteSnapshotByBranchAndCommit() throws IOException {
    // Given
    Path snapshot = snapshot("config.json", "model.safetensors");

    // Then
    assertThat(cache.snapshot(NAME)).contains(snapshot);
    assertThat(cache.snapshot(NAME.at(COMMIT))).contains(snapshot);
    assertThat(cache.snapshot(NAME.at("v2"))).isEmpty();
    assertThat(cache.revisions(NAME, COMMIT)).containsExactly("main");
    assertThat(cache.snapshots()).containsExactly(new HubCache.Snapshot(NAME, COMMIT, snapshot));
    assertThat(HubCache.displayName(snapshot)).isEqualTo("tiny");
    assertThat(HubCache.displayName(directory.resolve("m"))).isEqualTo("m");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"weight_map\": {\"a\": \"one.safetensors\", \"b\": \"two.safetensors\"}}",
        "{\"weight_map\": {}}",
        "{\"weight_map\": {\"a\": \"\\u0000\"}}",
        "no JSON"
      })
  void shouldNotTakeASnapshotWithoutAllShards(String index) throws IOException {
    // Given
    Path snapshot = snapshot("config.json", "one.safetensors");
    Files.writeString(snapshot.resolve("model.safetensors.index.json"), index);

    // Then
    assertThat(cache.snapshot(NAME)).isEmpty();
  }

  @Test
  void shouldTakeASnapshotWithAllShards() throws IOException {
    Path snapshot = snapshot("config.json", "one.safetensors");
    Files.writeString(
        snapshot.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"one.safetensors\", \"b\": \"one.safetensors\"}}");
    assertThat(cache.snapshot(NAME)).contains(snapshot);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "main", "../../../etc", "0123"})
  void shouldNotFollowADamagedReference(String content) throws IOException {
    snapshot("config.json", "model.safetensors");
    Files.writeString(cache.folder(NAME).resolve("refs/main"), content);
    assertThat(cache.snapshot(NAME)).isEmpty();
  }

  @Test
  void shouldPreferADirectoryToTheModelOfItsName() throws IOException {
    // Given
    Path snapshot = snapshot("config.json", "model.safetensors");
    FileRoots files = FileRoots.any().with(cache);
    Path relative = Path.of("src/main");

    // Then
    assertThat(files.requireModel("model", relative)).isEqualTo(relative);
    assertThat(files.requireModel("model", Path.of("org/tiny"))).isEqualTo(snapshot);
    assertThat(files.uncachedModel(Path.of("org/tiny"))).isEmpty();
    assertThat(files.uncachedModel(relative)).isEmpty();
    assertThat(files.uncachedModel(Path.of("org/other")))
        .contains(new ModelName("org", "other", "main"));
    assertThat(files.requireModel("model", Path.of("./org/tiny"))).isEqualTo(Path.of("./org/tiny"));
    assertThatThrownBy(() -> files.requireModel("model", Path.of("org/other")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model: 'org/other' (expected: a directory, or a model in the cache %s; urteil models fetch org/other downloads it)"
                .formatted(cache.directory()));
  }

  @Test
  void shouldOpenACachedModelOnlyBelowARoot() throws IOException {
    // Given
    Path snapshot = snapshot("config.json", "model.safetensors");
    FileRoots inside = FileRoots.of(List.of(directory)).with(cache);
    FileRoots outside = FileRoots.of(List.of(directory.resolve("elsewhere"))).with(cache);

    // Then
    assertThat(inside.requireModel("model", Path.of("org/tiny"))).isEqualTo(snapshot.toRealPath());
    String cached = message(outside, "org/tiny");
    String missing = message(outside, "org/other");
    String existingDirectory = message(outside, "src/main");
    assertThat(cached)
        .contains(
            "model: 'org/tiny' (expected: a model directory or a model in the hub's cache, below");
    assertThat(missing.replace("org/other", "")).isEqualTo(cached.replace("org/tiny", ""));
    assertThat(existingDirectory.replace("src/main", "")).isEqualTo(cached.replace("org/tiny", ""));
  }

  private static String message(FileRoots roots, String name) {
    return String.valueOf(catchThrowable(() -> roots.requireModel("model", Path.of(name))));
  }
}
