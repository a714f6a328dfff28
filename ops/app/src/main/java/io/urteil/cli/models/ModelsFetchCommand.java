package io.urteil.cli.models;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.file.HubCache;
import io.urteil.file.ModelName;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code urteil models fetch}. */
@Command(
    name = "fetch",
    description = {
      "Downloads models into the cache of huggingface_hub: configuration, tokenizer, chat template"
          + " and weights in safetensors, each verified against its hash.",
      "A download that ended early is resumed. A model that is complete is not downloaded again; a"
          + " branch is updated."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil models fetch Qwen/Qwen2.5-0.5B-Instruct",
      "  urteil models fetch Qwen/Qwen2.5-0.5B-Instruct@7ae557604adf67be50417f59c2c2f167def9a775",
      "  HF_TOKEN=… urteil models fetch meta-llama/Llama-3.2-1B-Instruct"
    })
final class ModelsFetchCommand extends UrteilSubcommand {

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description = "Models, OWNER/MODEL or OWNER/MODEL@REVISION with a branch, tag or commit.")
  private List<String> names = List.of();

  @Override
  public Integer call() throws IOException {
    List<ModelName> models = names.stream().map(this::parsed).toList();
    NamedModels named = NamedModels.ofProcess(errors());
    for (ModelName model : models) {
      HubCache.Snapshot snapshot = named.fetch(model);
      output().println("%s at %s".formatted(model.id(), snapshot.commit()));
      output().println(snapshot.directory());
    }
    return ExitCode.OK;
  }

  private ModelName parsed(String name) {
    return ModelName.parse(name)
        .orElseThrow(
            () ->
                usage(
                    "NAME: '%s' (expected: OWNER/MODEL or OWNER/MODEL@REVISION)".formatted(name)));
  }
}
