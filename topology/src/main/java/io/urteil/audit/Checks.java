package io.urteil.audit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects findings, counts and notes of one audit. Not thread-safe. */
final class Checks {

  private final List<AuditFinding> findings = new ArrayList<>();
  private final Map<AuditFinding.Effect, Long> effects = new EnumMap<>(AuditFinding.Effect.class);
  private final SortedMap<String, Long> counts = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  void add(AuditFinding finding) {
    effects.merge(finding.kind().effect(), 1L, Long::sum);
    if (findings.size() < AuditReport.MAX_FINDINGS) {
      findings.add(finding);
    }
  }

  void report(AuditFinding.Kind kind, String about, String message, Object... values) {
    add(new AuditFinding(kind, about, String.format(Locale.ROOT, message, values)));
  }

  void count(String what, long more) {
    counts.merge(what, more, Long::sum);
  }

  void note(String note) {
    notes.add(note);
  }

  List<AuditFinding> findings() {
    return findings;
  }

  List<String> notes() {
    return notes;
  }

  AuditReport.FindingCounts effects() {
    return new AuditReport.FindingCounts(
        effect(AuditFinding.Effect.LOST),
        effect(AuditFinding.Effect.DUPLICATED),
        effect(AuditFinding.Effect.STUCK),
        effect(AuditFinding.Effect.UNEXPECTED),
        effect(AuditFinding.Effect.CHANGED));
  }

  private long effect(AuditFinding.Effect effect) {
    return effects.getOrDefault(effect, 0L);
  }

  long counted(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** The counts with this prefix, by the rest of their name. */
  SortedMap<String, Long> countedUnder(String start) {
    SortedMap<String, Long> found = new TreeMap<>();
    counts.forEach(
        (name, count) -> {
          if (name.startsWith(start)) {
            found.put(name.substring(start.length()), count);
          }
        });
    return found;
  }
}
