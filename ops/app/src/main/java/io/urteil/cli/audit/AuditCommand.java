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
      "Verifies a run from its topics and checkpoint folders alone: proven or refuted.",
      "Checks that every group is closed or before its deadline; every id is unique; rewards"
          + " recomputed from judgements, and advantages from rewards, are equal; the chain from"
          + " batch to checkpoint has no gap; all hashes match. Publishes nothing; the run may"
          + " continue.",
      "Exit status 0: proven. 4: refuted; the findings list the contradictions."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil audit my-run --bootstrap kafka.example:9092 --prefix team-a.",
      "  urteil audit --data-dir .urteil/demo/demo-001 --report audit.json",
      "  urteil audit my-run --json | jq .findings"
    })
public final class AuditCommand extends UrteilSubcommand {

  @Mixin private RunParameter run = new RunParameter();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private TopicSourceOptions source = new TopicSourceOptions();

  @Mixin private JsonReportOptions report = new JsonReportOptions();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    try (TopicSourceOptions.OpenTopics topics = source.open()) {
      AuditReport ledger = Audit.of(topics.namespace(), run.in(topics.namespace()));
      report.write(ledger, output(), out -> AuditReportText.print(ledger, out));
      return ledger.proven() ? ExitCode.OK : ExitCode.REFUTED;
    }
  }
}
