package io.urteil.cli.audit;

import io.urteil.audit.Audit;
import io.urteil.audit.AuditReport;
import io.urteil.audit.AuditReportText;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.JsonReportOptions;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.RunParameter;
import io.urteil.cli.option.TopicSourceOptions;
import io.urteil.cli.option.UrteilSubcommand;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code urteil audit}. */
@Command(
    name = "audit",
    description = {
      "Verifies a run from its topics and its checkpoint folders alone: proven or refuted.",
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

  @Mixin private RunParameter run = new RunParameter();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private TopicSourceOptions log = new TopicSourceOptions();

  @Mixin private JsonReportOptions report = new JsonReportOptions();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    try (TopicSourceOptions.Opened opened = log.open()) {
      AuditReport ledger = Audit.of(opened.place(), run.in(opened.place()));
      report.write(ledger, output(), out -> AuditReportText.print(ledger, out));
      return ledger.proven() ? ExitCode.OK : ExitCode.REFUTED;
    }
  }
}
