package io.urteil.bench.process;

import io.urteil.audit.Audit;
import io.urteil.audit.AuditReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the topics prove about a drained run.
 *
 * @param counts findings of the audit, and unfinished or lost items
 * @param findings one sentence each, about 100 at most
 */
public record RunLedger(
    AuditReport audit, AuditReport.FindingCounts counts, List<String> findings) {

  private static final int MAX_FINDINGS = 100;

  public RunLedger {
    findings = List.copyOf(findings);
  }

  /** Audits the run of these processes, of which only the broker need run. */
  public static RunLedger of(ProcessRun processes, String run) {
    AuditReport audit = Audit.of(processes.namespace(), run);
    List<String> findings = new ArrayList<>();
    long unrecovered = 0;
    for (Outage outage : processes.monitor().outages()) {
      if (outage.isOpen()) {
        unrecovered++;
        findings.add("stuck: no work of a killed %s after its restart".formatted(outage.victim()));
      }
    }
    long acknowledged = processes.feeder().acknowledged();
    long missing = Math.max(0, acknowledged - audit.groups().published());
    // The audit counts what the topology has consumed.
    long unread = Math.min(missing, audit.exceptions().unread());
    long lost = missing - unread;
    if (unread > 0) {
      findings.add("stuck: %d prompts that the topology has not consumed".formatted(unread));
    }
    if (lost > 0) {
      findings.add("lost: %d acknowledged prompts".formatted(lost));
    }
    long refused = Math.max(0, processes.feeder().published() - acknowledged);
    if (refused > 0) {
      findings.add("stuck: %d prompts that the broker did not acknowledge".formatted(refused));
    }
    long untrained = Math.max(0, audit.training().batches() - audit.training().batchesTrained());
    if (audit.groups().open() + audit.groups().waiting() + untrained > 0) {
      findings.add(
          "stuck: %d groups open, %d waiting for a batch, %d batches not trained"
              .formatted(audit.groups().open(), audit.groups().waiting(), untrained));
    }
    audit.findings().stream()
        .map(
            one ->
                "%s: %s"
                    .formatted(one.kind().effect().name().toLowerCase(Locale.ROOT), one.message()))
        .limit(MAX_FINDINGS)
        .forEach(findings::add);
    AuditReport.FindingCounts found = audit.counts();
    long unfinished =
        audit.groups().open()
            + audit.groups().waiting()
            + untrained
            + unrecovered
            + refused
            + unread;
    return new RunLedger(
        audit,
        new AuditReport.FindingCounts(
            found.lost() + lost,
            found.doubled(),
            found.hung() + unfinished,
            found.invented(),
            found.changed()),
        findings);
  }
}
