package io.urteil.cli.service;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.local.pairs.Gsm8kPairs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil pairs}. */
@Command(
    name = "pairs",
    description = {
      "Writes pairs for a judge under training, as data.prompts and urteil evaluate pairs read"
          + " them.",
      "gsm8k: a right and a wrong recorded solution of one problem of GSM8K, with the label by the"
          + " final answer. Gold scores are 10 and 1, the strength is 3."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil pairs gsm8k --out data/pairs.jsonl",
      "  urteil pairs gsm8k --out data/pairs.jsonl --held-out data/held-out.jsonl"
    })
public final class PairsCommand extends UrteilSubcommand {

  /** Data that pairs are made of. */
  enum Source {
    GSM8K;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(
      paramLabel = "NAME",
      description = "Data that the pairs are made of, one of: ${COMPLETION-CANDIDATES}.")
  private Source source = Source.GSM8K;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "File to write the pairs to, as JSON lines.")
  private Path out = Path.of("");

  @Option(
      names = "--held-out",
      paramLabel = "FILE",
      description =
          "File to write the pairs of each fifth problem to; --out then has those of the others.")
  private @Nullable Path heldOut;

  @Override
  public Integer call() throws IOException {
    Gsm8kPairs pairs =
        switch (source) {
          case GSM8K -> Gsm8kPairs.read();
        };
    write(heldOut == null ? pairs.all() : pairs.training(), out);
    if (heldOut != null) {
      write(pairs.heldOut(), heldOut);
    }
    return ExitCode.OK;
  }

  private void write(Gsm8kPairs.Pairs pairs, Path file) throws IOException {
    pairs.write(file);
    output()
        .println(
            "%d pairs of %d problems in %s"
                .formatted(pairs.lines().size(), pairs.problems(), file));
  }
}
