package io.urteil.cli.models;

import io.urteil.engine.onnx.ModelMemory;
import io.urteil.file.FileRoots;
import io.urteil.file.HubCache;
import io.urteil.file.ModelName;
import io.urteil.local.hub.HubSettings;
import io.urteil.local.hub.ModelFetch;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.model.DecoderConfig;
import io.urteil.model.safetensors.DataType;
import io.urteil.run.RunFile;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The models that a command of a user names: by directory, or by their name on the hub. The model
 * of an option is downloaded if it is neither a directory nor in the cache, with progress on
 * standard error; a model of a run file is not. The rule of precedence is that of {@link
 * FileRoots#requireModel}.
 */
public final class NamedModels {

  private final HubSettings settings;
  private final FileRoots files;
  private final PrintWriter errors;

  public NamedModels(HubSettings settings, PrintWriter errors) {
    this.settings = settings;
    this.files = FileRoots.any().with(settings.cache());
    this.errors = errors;
  }

  /** With the settings of this process. */
  public static NamedModels ofProcess(PrintWriter errors) {
    return new NamedModels(HubSettings.ofProcess(), errors);
  }

  /**
   * The directory of a model that an option names, downloaded if it is neither a directory nor in
   * the cache.
   *
   * @param option that names the model, for messages
   * @throws io.urteil.local.hub.HubException if it cannot be downloaded
   */
  public Path directory(String option, Path named) throws IOException {
    Optional<ModelName> missing = files.uncachedModel(named);
    if (missing.isPresent()) {
      errors.println(
          "urteil: no directory '%s' and no such model in the cache; downloading %s from %s"
              .formatted(named, missing.get(), settings.endpoint()));
      fetch(missing.get());
    }
    return files.requireModel(option, named);
  }

  /**
   * Checks that the models of a judge are there. The texts of run files come from others, so that
   * they never start a download.
   *
   * @throws IllegalArgumentException with the command that downloads a missing model
   */
  public void requireCached(JudgeSection judge) {
    if (judge instanceof ModelJudge asked) {
      for (JudgePanel.Model model : asked.models()) {
        if (model instanceof JudgePanel.Model.Local local
            && files.uncachedModel(local.directory()).isPresent()) {
          files.requireModel("model", local.directory());
        }
      }
    }
  }

  /** Checks that the models of the judges of a run file are there. */
  public void requireCached(RunFile run) {
    run.judges().values().forEach(this::requireCached);
  }

  /** Downloads a model, or completes it; a branch is updated. */
  HubCache.Snapshot fetch(ModelName name) throws IOException {
    try (TransferLine line = new TransferLine(errors, name.toString())) {
      return new ModelFetch(settings, line, shape -> warnOfMemory(name, shape)).fetch(name);
    }
  }

  /** A large download is in vain if the model does not fit; the user decides. */
  private void warnOfMemory(ModelName name, DecoderConfig shape) {
    ProcessSettings process = ProcessSettings.ofProcess();
    ModelMemory memory =
        ModelMemory.of(shape, DataType.BF16, process.judge().models(), process.runtime());
    memory
        .advice()
        .ifPresent(
            advice ->
                errors.println(
                    "urteil: model '%s' takes %s of memory as a judge, %s more than is free here; %s"
                        .formatted(
                            name,
                            TransferLine.size(memory.f32()),
                            TransferLine.size(memory.f32() - memory.free()),
                            advice)));
  }

  /** The snapshot of a cached model, or else its configuration and tokenizer, downloaded. */
  ModelFetch.Preview preview(ModelName name) throws IOException {
    try (TransferLine line = new TransferLine(errors, name.toString())) {
      return new ModelFetch(settings, line, shape -> {}).preview(name);
    }
  }

  /** The name of a model that is neither a directory nor in the cache. */
  Optional<ModelName> uncached(Path named) {
    return files.uncachedModel(named);
  }
}
