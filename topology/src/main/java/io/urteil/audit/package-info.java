/**
 * Proves or refutes a run from its topics alone. {@link io.urteil.audit.RecordedRun} reads the
 * topics, {@link io.urteil.audit.GroupReplay} replays groups with the topology's functions, the
 * checks compare both, and {@link io.urteil.audit.Audit} returns the {@link
 * io.urteil.audit.AuditReport}.
 */
@NullMarked
package io.urteil.audit;

import org.jspecify.annotations.NullMarked;
