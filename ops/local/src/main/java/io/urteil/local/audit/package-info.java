/**
 * Proves or refutes a run from its topics alone. {@link io.urteil.local.audit.RecordedRun} reads
 * what the log holds, {@link io.urteil.local.audit.GroupReplay} lets the topology's own decisions
 * be made again, the checks hold both against each other, and {@link io.urteil.local.audit.Audit}
 * gives the {@link io.urteil.local.audit.Ledger}.
 */
@NullMarked
package io.urteil.local.audit;

import org.jspecify.annotations.NullMarked;
