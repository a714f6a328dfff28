package io.urteil.local.hub;

import io.urteil.file.ModelName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of a repository that a model needs here: configuration, tokenizer, chat template and
 * the weights in safetensors. All are at the top of the repository, and their names are known ones,
 * so that a listed name never chooses a path.
 *
 * @param small files that are read before any weights
 * @param weights a single file, or empty if {@code index} names the shards
 * @param index whether the shards are named by an index
 */
record NeededFiles(List<String> small, Optional<String> weights, boolean index) {

  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final Set<String> SMALL =
      Set.of(
          CONFIG,
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "tokenizer.model",
          "chat_template.jinja",
          "judge-prompt.yaml");

  /** Pickled weights may run code; the others have no reader here. */
  private static final List<String> OTHER_WEIGHTS =
      List.of(".gguf", ".bin", ".pt", ".pth", ".h5", ".msgpack", ".onnx", ".npz");

  private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors");
  private static final int SHARDS_MAX = 10_000;

  NeededFiles {
    small = List.copyOf(small);
  }

  /**
   * Selects the files.
   *
   * @throws HubException in one sentence, if the repository has no model that can be read here
   */
  static NeededFiles of(ModelName name, Repository repository) {
    Set<String> listed =
        repository.files().stream().map(RepositoryFile::name).collect(Collectors.toSet());
    boolean single = listed.contains(WEIGHTS);
    boolean shards = !single && listed.contains(INDEX);
    if (!single && !shards) {
      throw unusable(name, "no " + WEIGHTS + withOthers(listed), repository);
    }
    if (!listed.contains(CONFIG)) {
      throw unusable(name, "no " + CONFIG, repository);
    }
    if (!listed.contains("tokenizer.json")) {
      throw unusable(name, "no tokenizer.json", repository);
    }
    List<String> small = new ArrayList<>(SMALL.stream().filter(listed::contains).sorted().toList());
    small.remove(CONFIG);
    small.addFirst(CONFIG);
    if (shards) {
      small.add(INDEX);
    }
    return new NeededFiles(small, single ? Optional.of(WEIGHTS) : Optional.empty(), shards);
  }

  /**
   * The shards that an index names, each once.
   *
   * @param named values of {@code weight_map}, untrusted
   * @throws HubException if a name is not that of a safetensors file of the repository
   */
  static List<String> shards(ModelName name, Repository repository, Iterable<String> named) {
    Set<String> listed =
        repository.files().stream().map(RepositoryFile::name).collect(Collectors.toSet());
    Set<String> shards = new TreeSet<>();
    for (String shard : named) {
      if (!SHARD.matcher(shard).matches() || shard.contains("..") || !listed.contains(shard)) {
        throw new HubException(
            HubException.Kind.MODEL,
            "model '%s': %s names the file '%s' (expected: a .safetensors file at the top of the repository)"
                .formatted(name, INDEX, shown(shard)));
      }
      shards.add(shard);
      if (shards.size() > SHARDS_MAX) {
        break;
      }
    }
    if (shards.isEmpty() || shards.size() > SHARDS_MAX) {
      throw new HubException(
          HubException.Kind.MODEL,
          "model '%s': %s names %s files (expected: 1 to %d)"
              .formatted(name, INDEX, shards.isEmpty() ? "no" : "more", SHARDS_MAX));
    }
    return List.copyOf(shards);
  }

  /** Text of the hub for a message: one line, without control characters. */
  static String shown(String text) {
    String clean = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    return clean.length() <= 200 ? clean : clean.substring(0, 200) + "…";
  }

  private static String withOthers(Set<String> listed) {
    if (listed.contains("adapter_model.safetensors")) {
      return ", only an adapter";
    }
    Set<String> endings =
        OTHER_WEIGHTS.stream()
            .filter(ending -> listed.stream().anyMatch(file -> file.endsWith(ending)))
            .collect(Collectors.toCollection(TreeSet::new));
    return endings.isEmpty() ? "" : ", only " + String.join(", ", endings) + " files";
  }

  private static HubException unusable(ModelName name, String found, Repository repository) {
    String base =
        repository
            .baseModel()
            .filter(other -> !other.equals(name.id()))
            .map(other -> "; its card names the base model " + other)
            .orElse("");
    return new HubException(
        HubException.Kind.MODEL,
        "model '%s' has %s (expected: a repository with %s, tokenizer.json and weights in safetensors%s)"
            .formatted(name, found, CONFIG, base));
  }
}
