package io.urteil.sampler;

import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.event.CheckpointFile;
import io.urteil.file.FileRoots;
import io.urteil.file.HubCache;
import io.urteil.model.ModelDirectory;
import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.file.FileHash;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.PromptTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Opens the policy versions of one run: verifies size and SHA-256 of every file, starts the engine
 * for the first version, loads the weights and the chat template, and opens the tokenizer once for
 * all versions that share it. Used by one thread at a time; blocks.
 */
final class PolicyOpener implements AutoCloseable {

  /** The outcome of opening a version. */
  sealed interface Outcome {

    /** The version can be sampled from. */
    record Opened(OpenPolicy policy) implements Outcome {}

    /** The version is damaged or unusable; other versions are not affected. */
    record Rejected(String reason) implements Outcome {}
  }

  private final EngineFactory engines;
  private final FileRoots files;
  private final Map<String, Tokenizer> tokenizers = new HashMap<>();
  private final Map<String, PromptEncoder> encoders = new HashMap<>();
  private @Nullable InferenceEngine engine;

  /**
   * @param files that run files may name
   */
  PolicyOpener(EngineFactory engines, FileRoots files) {
    this.engines = engines;
    this.files = files;
  }

  synchronized Outcome open(PolicyVersion version) {
    try {
      Path folder = files.requireModel("policy.model", version.directory());
      List<String> problems = damage(version);
      if (!problems.isEmpty()) {
        return new Outcome.Rejected(
            "checkpoint %d in %s: %s"
                .formatted(version.number(), version.directory(), String.join("; ", problems)));
      }
      ModelDirectory directory = ModelDirectory.open(folder);
      ModelVersion name = version.name();
      InferenceEngine started = engine(directory);
      CompletableFuture<LoadOutcome> loading = started.load(name, folder);
      Tokenizer tokenizer = tokenizer(version, directory);
      Optional<ChatTemplate> template = directory.chatTemplate();
      PromptTokens prompts = prompts(version, tokenizer, directory, template);
      return switch (loading.join()) {
        case LoadOutcome.Rejected(ModelVersion rejected, String reason) ->
            new Outcome.Rejected(reason);
        case LoadOutcome.Loaded loaded ->
            new Outcome.Opened(
                OpenPolicy.of(
                    version,
                    started,
                    tokenizer,
                    Math.min(directory.config().maxPositions(), engines.slotCapacity()),
                    directory.endOfSequenceIds(),
                    prompts,
                    template.map(ChatTemplate::hash).orElse(null)));
      };
    } catch (UnusableModelException | IOException | IllegalArgumentException e) {
      return new Outcome.Rejected(String.valueOf(e.getMessage()));
    }
  }

  private InferenceEngine engine(ModelDirectory directory) {
    InferenceEngine started = engine;
    if (started == null) {
      started = engines.start(directory.config());
      engine = started;
    }
    return started;
  }

  private Tokenizer tokenizer(PolicyVersion version, ModelDirectory directory) throws IOException {
    Optional<String> published =
        version.files().stream()
            .filter(file -> file.getName().equals(Tokenizer.FILE_NAME))
            .map(CheckpointFile::getSha256)
            .findFirst();
    String hash =
        published.isPresent() ? published.get() : FileHash.sha256(directory.tokenizerFile());
    Tokenizer known = tokenizers.get(hash);
    if (known == null) {
      known = directory.openTokenizer();
      tokenizers.put(hash, known);
    }
    return known;
  }

  /**
   * Null if the tokenizer cannot encode control tokens as plain text.
   *
   * @throws UnusableModelException in that case, if the model has a chat template
   */
  private @Nullable PromptTokens prompts(
      PolicyVersion version,
      Tokenizer tokenizer,
      ModelDirectory directory,
      Optional<ChatTemplate> template)
      throws IOException {
    PromptEncoder known = encoders.get(tokenizer.hash());
    if (known == null) {
      try {
        known = directory.openPromptEncoder();
      } catch (UnusableModelException e) {
        if (template.isPresent()) {
          throw e;
        }
        return null;
      }
      encoders.put(tokenizer.hash(), known);
    }
    return new PromptTokens(HubCache.displayName(directory.path()), known, template.orElse(null));
  }

  private static List<String> damage(PolicyVersion version) throws IOException {
    List<String> problems = new ArrayList<>();
    for (CheckpointFile file : version.files()) {
      Path path = version.directory().resolve(file.getName());
      if (!Files.isRegularFile(path)) {
        problems.add(file.getName() + " is missing");
      } else if (Files.size(path) != file.getSize()) {
        problems.add(
            "%s has %d bytes (expected: %d)"
                .formatted(file.getName(), Files.size(path), file.getSize()));
      } else {
        String hash = FileHash.sha256(path);
        if (!hash.equals(file.getSha256())) {
          problems.add(
              "%s has SHA-256 %s (expected: %s)".formatted(file.getName(), hash, file.getSha256()));
        }
      }
    }
    return problems;
  }

  @Override
  public synchronized void close() {
    if (engine != null) {
      engine.close();
    }
    tokenizers.values().forEach(Tokenizer::close);
    encoders.values().forEach(PromptEncoder::close);
  }
}
