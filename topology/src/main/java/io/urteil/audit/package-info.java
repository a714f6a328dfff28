/**
 * Proves or refutes a run from its topics alone. {@link io.urteil.audit.RecordedRun} reads what the
 * log holds, {@link io.urteil.audit.GroupReplay} lets the topology's own decisions be made again,
 * the checks hold both against each other, and {@link io.urteil.audit.Audit} gives the {@link
 * io.urteil.audit.AuditReport}.
 */
@NullMarked
package io.urteil.audit;

import org.jspecify.annotations.NullMarked;
