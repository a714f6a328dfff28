package io.urteil.trainer;

import io.urteil.checkpoint.CheckpointContent;
import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.checkpoint.CheckpointStore;
import io.urteil.checkpoint.DamagedCheckpointException;
import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.checkpoint.TrainerState;
import io.urteil.event.Namespace;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.file.UnusableModelException;
import io.urteil.prompt.JudgePrompts;
import io.urteil.trainer.policy.PolicyState;
import io.urteil.trainer.policy.PolicyTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoint folders of one run: {@code DATA/checkpoints/RUN/LINEAGE/version-000012}. */
final class VersionFolders {

  private static final Logger LOGGER = LoggerFactory.getLogger(VersionFolders.class);

  /** Optional files of a model directory beside config and weights. */
  private static final List<String> COMPANIONS =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "generation_config.json",
          "chat_template.jinja",
          JudgePrompts.MODEL_FILE,
          "LICENSE");

  private final Path root;
  private final List<Path> companions;

  /**
   * @param model the directory whose tokenizer and similar files are copied into each version
   */
  VersionFolders(Namespace place, String runId, Path model) {
    this.root = root(place, runId);
    this.companions = COMPANIONS.stream().map(model::resolve).filter(Files::isRegularFile).toList();
  }

  /** The folder of a run, with one of each lineage. */
  static Path root(Namespace place, String runId) {
    return place.dataDirectory().resolve("checkpoints").resolve(runId);
  }

  CheckpointStore of(String lineage) {
    return new CheckpointStore(root.resolve(lineage));
  }

  /** Writes the trainer's weights, and its optimiser if {@code full}, as a version. */
  StoredCheckpoint write(PolicyTrainer trainer, TrainerState state, boolean full) {
    return trainer.read(
        policy ->
            of(state.lineage())
                .write(state.version(), content(trainer.config(), policy, state, full)));
  }

  /**
   * Writes a published version again if its folder is damaged, from a trainer with the same
   * weights.
   *
   * @param state that was published with it
   * @return the damage, if it was repaired
   */
  Optional<String> repair(PolicyTrainer trainer, StoredCheckpoint stored, TrainerState state) {
    if (!stored.folder().equals(of(state.lineage()).folder(state.version()))) {
      return Optional.empty();
    }
    try {
      CheckpointFolder.verify(stored);
      return Optional.empty();
    } catch (DamagedCheckpointException e) {
      boolean repaired =
          trainer.read(
              policy ->
                  CheckpointFolder.repair(
                      stored, content(trainer.config(), policy, state, stored.full())));
      if (!repaired) {
        LOGGER
            .atWarn()
            .addKeyValue("folder", stored.folder())
            .log("damaged checkpoint not repaired: other files than those published");
      }
      return repaired ? Optional.ofNullable(e.getMessage()) : Optional.empty();
    }
  }

  private CheckpointContent content(
      DecoderConfig config, PolicyState policy, TrainerState state, boolean full) {
    return new CheckpointContent(
        config,
        policy.weights(),
        companions,
        full
            ? Optional.of(new CheckpointContent.Training(policy.optimiser(), state))
            : Optional.empty());
  }

  /** The hash of the weights' file. */
  String weightsHash(PolicyTrainer trainer) {
    return trainer.read(policy -> CheckpointFolder.weightsHash(root, policy.weights()));
  }

  /**
   * Removes the unpublished folder of a killed process.
   *
   * @throws IllegalStateException if the folders are not those of the topics; nothing is removed
   */
  void removeUncommitted(PublishedVersions published) {
    for (String lineage : lineagesOnDisk()) {
      of(lineage)
          .removeUncommitted(published.versions(lineage), published.next(lineage))
          .forEach(
              folder ->
                  LOGGER.atInfo().addKeyValue("folder", folder).log("uncommitted folder removed"));
    }
  }

  /** Opens a model directory. */
  static ModelDirectory open(Path directory) {
    try {
      ModelDirectory model = ModelDirectory.open(directory);
      if (model.config().isScalar()) {
        throw new UnusableModelException(
            directory,
            List.of("architectures: a scalar model (expected: a language model to train)"));
      }
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException("reading model " + directory, e);
    }
  }

  private List<String> lineagesOnDisk() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> listed = Files.list(root)) {
      return listed.filter(Files::isDirectory).map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing checkpoints in " + root, e);
    }
  }
}
