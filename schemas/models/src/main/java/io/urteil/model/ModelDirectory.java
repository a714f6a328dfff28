package io.urteil.model;

import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.file.FileHash;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A model in a Hugging Face directory: {@code config.json}, {@code model.safetensors} (or shards
 * with {@code model.safetensors.index.json}), and, if they exist, {@code tokenizer.json} and {@code
 * generation_config.json}.
 *
 * <p>An open directory is complete: it has exactly the tensors of the configuration, in their
 * shapes and readable types. Weights are mapped, not copied. Immutable.
 */
public final class ModelDirectory {

  private final Path path;
  private final DecoderConfig config;
  private final GenerationDefaults generationDefaults;
  private final SequencedMap<String, WeightTensor> weights;

  private ModelDirectory(
      Path path,
      DecoderConfig config,
      GenerationDefaults generationDefaults,
      SequencedMap<String, WeightTensor> weights) {
    this.path = path;
    this.config = config;
    this.generationDefaults = generationDefaults;
    this.weights = Collections.unmodifiableSequencedMap(weights);
  }

  /**
   * @throws UnusableModelException with one message that lists every problem
   * @throws IOException if an existing file is unreadable
   */
  public static ModelDirectory open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      throw new UnusableModelException(path, List.of("there is no such directory"));
    }
    List<String> problems = new ArrayList<>();
    DecoderConfig config = null;
    try {
      config = DecoderConfig.read(path);
    } catch (UnusableModelException e) {
      e.problems().forEach(p -> problems.add(inFile(DecoderConfig.FILE_NAME, p)));
    }
    GenerationDefaults generationDefaults = GenerationDefaults.NONE;
    try {
      generationDefaults = GenerationDefaults.read(path);
    } catch (UnusableModelException e) {
      problems.addAll(e.problems());
    }
    if (config != null) {
      for (int id : generationDefaults.endOfSequenceIds()) {
        if (id < 0 || id >= config.vocabularySize()) {
          problems.add(
              "%s: eos_token_id: %d (expected: 0 to %d, an id of the vocabulary)"
                  .formatted(GenerationDefaults.FILE_NAME, id, config.vocabularySize() - 1));
        }
      }
    }
    SequencedMap<String, WeightTensor> weights = WeightFiles.open(path, config, problems);
    if (config == null || !problems.isEmpty()) {
      throw new UnusableModelException(path, problems);
    }
    return new ModelDirectory(path, config, generationDefaults, weights);
  }

  public Path path() {
    return path;
  }

  public DecoderConfig config() {
    return config;
  }

  public GenerationDefaults generationDefaults() {
    return generationDefaults;
  }

  /**
   * The tokens that end a completion: those of {@code generation_config.json}, or else those of
   * {@code config.json}.
   */
  public List<Integer> endOfSequenceIds() {
    List<Integer> ids = generationDefaults.endOfSequenceIds();
    return ids.isEmpty() ? config.endOfSequenceIds() : ids;
  }

  /** The tensors by name, in the order of {@link DecoderConfig#tensorShapes()}. */
  public SequencedMap<String, WeightTensor> weights() {
    return weights;
  }

  /**
   * One tensor.
   *
   * @throws IllegalArgumentException if such a model has no tensor of that name
   */
  public WeightTensor weight(String name) {
    WeightTensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("%s: no such tensor in model '%s'".formatted(name, path));
    }
    return tensor;
  }

  /** The path of the tokenizer, which may not exist. */
  public Path tokenizerFile() {
    return path.resolve(Tokenizer.FILE_NAME);
  }

  /**
   * Opens the tokenizer; the caller closes it.
   *
   * @throws UnusableModelException if it is missing or unreadable
   */
  public Tokenizer openTokenizer() throws IOException {
    return Tokenizer.open(tokenizerFile());
  }

  /**
   * Opens the encoder of prompts with untrusted text; the caller closes it.
   *
   * @throws UnusableModelException if the tokenizer is missing or unreadable
   */
  public PromptEncoder openPromptEncoder() throws IOException {
    return PromptEncoder.open(tokenizerFile());
  }

  /**
   * The chat template; empty if the model has none.
   *
   * @throws UnusableModelException if it is unreadable
   */
  public Optional<ChatTemplate> chatTemplate() throws IOException {
    return ChatTemplate.read(path);
  }

  /** SHA-256 of each regular file of the directory, ordered by file name; reads all files. */
  public SequencedMap<String, String> sha256() throws IOException {
    SequencedMap<String, String> hashes = new TreeMap<>();
    try (var files = Files.list(path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(file.getFileName().toString(), FileHash.sha256(file));
      }
    }
    return new LinkedHashMap<>(hashes);
  }

  private static String inFile(String file, String problem) {
    return problem.startsWith(file) ? problem : file + ": " + problem;
  }
}
