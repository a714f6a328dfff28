package io.urteil.cli.models;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.file.HubCache;
import io.urteil.model.DecoderConfig;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code urteil models list}. */
@Command(
    name = "list",
    description = "Lists the models in the cache of huggingface_hub, and which of them are served.",
    footerHeading = "%nExamples:%n",
    footer = {"  urteil models list Qwen", "  HF_HOME=/data/models urteil models list"})
final class ModelsListCommand extends UrteilSubcommand {

  private static final int COMMIT_SHOWN = 12;

  @Parameters(
      arity = "0..1",
      paramLabel = "TEXT",
      description = "Only models whose name contains this text (default: all).")
  private String text = "";

  @Override
  public Integer call() throws IOException {
    HubCache cache = HubCache.ofProcess();
    List<HubCache.Snapshot> snapshots =
        cache.snapshots().stream().filter(snapshot -> snapshot.name().id().contains(text)).toList();
    if (snapshots.isEmpty()) {
      output().println("no models in " + cache.directory());
      return ExitCode.OK;
    }
    for (HubCache.Snapshot snapshot : snapshots) {
      String revisions = String.join(", ", cache.revisions(snapshot.name(), snapshot.commit()));
      output()
          .println(
              "%-44s %-12s %9s  %s"
                  .formatted(
                      snapshot.name().id() + (revisions.isEmpty() ? "" : " (" + revisions + ")"),
                      snapshot
                          .commit()
                          .substring(0, Math.min(COMMIT_SHOWN, snapshot.commit().length())),
                      TransferLine.size(bytes(snapshot.directory())),
                      state(snapshot.directory())));
    }
    return ExitCode.OK;
  }

  private static String state(Path snapshot) throws IOException {
    try {
      DecoderConfig config = DecoderConfig.read(snapshot);
      return HubCache.isComplete(snapshot) ? config.modelType() : "incomplete";
    } catch (UnusableModelException e) {
      return "not served: " + e.problems().getFirst();
    }
  }

  private static long bytes(Path snapshot) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(snapshot)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
