package io.urteil.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cache of the Hugging Face hub on this machine, in the layout of {@code huggingface_hub}:
 * {@code models--OWNER--MODEL} with {@code blobs}, {@code refs} and {@code snapshots/COMMIT}.
 * Read-only and without network. Immutable.
 *
 * @param directory the cache, which need not exist
 */
public record HubCache(Path directory) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long INDEX_BYTES_MAX = 32_000_000;
  private static final long REFERENCE_BYTES_MAX = 1000;
  private static final String PREFIX = "models--";
  private static final String SNAPSHOTS = "snapshots";

  /** A snapshot in the cache. */
  public record Snapshot(ModelName name, String commit, Path directory) {}

  /** The cache of this process: that of its environment variables. */
  public static HubCache ofProcess() {
    return of(System.getenv(), Path.of(System.getProperty("user.home", "")));
  }

  /**
   * The cache that environment variables name, as {@code huggingface_hub} reads them: {@code
   * HF_HUB_CACHE}, {@code HF_HOME} or {@code XDG_CACHE_HOME}.
   *
   * @param home directory of the user
   */
  public static HubCache of(Map<String, String> environment, Path home) {
    return new HubCache(
        variable(environment, home, "HF_HUB_CACHE")
            .or(() -> variable(environment, home, "HUGGINGFACE_HUB_CACHE"))
            .orElseGet(() -> hubHome(environment, home).resolve("hub")));
  }

  /** {@code HF_HOME} of these environment variables, or its default. */
  public static Path hubHome(Map<String, String> environment, Path home) {
    return variable(environment, home, "HF_HOME")
        .orElseGet(
            () ->
                variable(environment, home, "XDG_CACHE_HOME")
                    .orElseGet(() -> home.resolve(".cache"))
                    .resolve("huggingface"));
  }

  /**
   * The path in a variable, with {@code ~} for the home directory; empty if it is not set.
   *
   * @throws IllegalArgumentException if it is not a path
   */
  public static Optional<Path> variable(Map<String, String> environment, Path home, String name) {
    String text = environment.getOrDefault(name, "");
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          text.equals("~") || text.startsWith("~/")
              ? home.resolve(text.substring(1).replaceFirst("^/+", ""))
              : Path.of(text).toAbsolutePath());
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("%s: '%s' (expected: a path)".formatted(name, text), e);
    }
  }

  /** The folder of a model with its blobs, refs and snapshots. */
  public Path folder(ModelName name) {
    return directory.resolve(PREFIX + name.owner() + "--" + name.model());
  }

  /** The commit of the revision by the cache; empty if it is not cached. */
  public Optional<String> commit(ModelName name) {
    return ModelName.isCommit(name.revision())
        ? Optional.of(name.revision())
        : reference(folder(name).resolve("refs").resolve(name.revision()));
  }

  /** The folder of a commit, which need not exist. */
  public Path snapshotFolder(ModelName name, String commit) {
    return folder(name).resolve(SNAPSHOTS).resolve(commit);
  }

  /** The snapshot of a name, if its configuration and all of its weights are in the cache. */
  public Optional<Path> snapshot(ModelName name) {
    return commit(name).map(commit -> snapshotFolder(name, commit)).filter(HubCache::isComplete);
  }

  /** Whether a directory has a configuration and all weight files. */
  public static boolean isComplete(Path model) {
    if (!Files.isRegularFile(model.resolve("config.json"))) {
      return false;
    }
    if (Files.isRegularFile(model.resolve("model.safetensors"))) {
      return true;
    }
    Path index = model.resolve("model.safetensors.index.json");
    try {
      if (!Files.isRegularFile(index) || Files.size(index) > INDEX_BYTES_MAX) {
        return false;
      }
      JsonNode shards = JSON.readTree(Files.readAllBytes(index)).path("weight_map");
      return !shards.isEmpty()
          && shards.valueStream().map(JsonNode::asText).distinct().allMatch(s -> isFile(model, s));
    } catch (IOException e) {
      return false;
    }
  }

  /** All snapshots, complete or not, in the order of their names. */
  public List<Snapshot> snapshots() throws IOException {
    List<Snapshot> all = new ArrayList<>();
    for (Path model : children(directory)) {
      Optional<ModelName> name = nameOfFolder(model);
      if (name.isPresent()) {
        for (Path snapshot : children(model.resolve(SNAPSHOTS))) {
          all.add(new Snapshot(name.get(), String.valueOf(snapshot.getFileName()), snapshot));
        }
      }
    }
    return all;
  }

  /** The branches and tags of a model that name a commit in the cache. */
  public List<String> revisions(ModelName name, String commit) throws IOException {
    Path refs = folder(name).resolve("refs");
    if (!Files.isDirectory(refs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(refs)) {
      return files
          .filter(file -> reference(file).filter(commit::equals).isPresent())
          .map(file -> refs.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /**
   * What a model directory is called in names and messages: the name of the model if the directory
   * is a snapshot of a hub's cache, else its file name.
   */
  public static String displayName(Path model) {
    Path snapshots = model.getParent();
    Path folder = snapshots == null ? null : snapshots.getParent();
    if (snapshots != null
        && folder != null
        && String.valueOf(snapshots.getFileName()).equals(SNAPSHOTS)) {
      Optional<ModelName> name = nameOfFolder(folder);
      if (name.isPresent()) {
        return name.get().model();
      }
    }
    return String.valueOf(model.getFileName());
  }

  private static Optional<ModelName> nameOfFolder(Path folder) {
    String file = String.valueOf(folder.getFileName());
    return file.startsWith(PREFIX)
        ? ModelName.parse(file.substring(PREFIX.length()).replaceFirst("--", "/"))
        : Optional.empty();
  }

  private static Optional<String> reference(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > REFERENCE_BYTES_MAX) {
        return Optional.empty();
      }
      return Optional.of(Files.readString(file).strip()).filter(ModelName::isCommit);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isFile(Path folder, String name) {
    try {
      return !name.isEmpty() && Files.isRegularFile(folder.resolve(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }
}
