package io.urteil.cli.models;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code urteil models}. */
@Command(
    name = "models",
    description = {
      "Downloads, lists and describes models of the Hugging Face hub.",
      "The cache is that of huggingface_hub: HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN and"
          + " HF_HUB_OFFLINE apply."
    },
    subcommands = {
      ModelsFetchCommand.class,
      ModelsListCommand.class,
      ModelsShowCommand.class,
      HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil models fetch Qwen/Qwen2.5-0.5B-Instruct",
      "  urteil models list",
      "  urteil models show Qwen/Qwen2.5-0.5B-Instruct"
    })
public final class ModelsCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec, "spec").commandLine(), "fetch, list or show is missing");
  }
}
