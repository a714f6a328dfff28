package io.urteil.cli.audit;

import io.urteil.audit.Audit;
import io.urteil.audit.AuditReport;
import io.urteil.audit.AuditReportText;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.TopicSourceOptions;
import io.urteil.cli.option.UrteilSubcommand;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil audit}. */
@Command(
    name = "audit",
    description = {
      "Proves or refutes a run from its topics, and its checkpoint folders, alone.",
      "Every group has an end or is in time; every id is there once; rewards computed again from"
          + " judgements, and advantages from rewards, are equal; the chain from batch to"
          + " checkpoint has no gap; all hashes are right. Writes nothing to the log; the run may"
          + " go on.",
      "Exit status 0: proven. 4: refuted, and the findings say by what."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil audit my-run --bootstrap kafka.example:9092 --prefix team-a.",
      "  urteil audit --data-dir .urteil/demo/demo-001 --report ledger.json",
      "  urteil audit my-run --json | jq .findings"
    })
public final class AuditCommand extends UrteilSubcommand {

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "Id of the run (default: the only one on the log).")
  private @Nullable String run;

  @Option(names = "--json", description = "Print the ledger as one JSON object.")
  private boolean json;

  @Mixin private TopicSourceOptions log = new TopicSourceOptions();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    try (TopicSourceOptions.Opened opened = log.open()) {
      AuditReport ledger = Audit.of(opened.place(), TopicSourceOptions.runOf(opened.place(), run));
      report.write(ledger);
      if (json) {
        output().println(ReportOption.json(ledger));
      } else {
        AuditReportText.print(ledger, output());
      }
      return ledger.proven() ? ExitCode.OK : ExitCode.REFUTED;
    }
  }
}
