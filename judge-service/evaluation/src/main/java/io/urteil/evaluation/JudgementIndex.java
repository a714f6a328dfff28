package io.urteil.evaluation;

import io.urteil.evaluation.benchmark.ComparisonEvents;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The judgements of an evaluation, by judge and presentation, over all the sessions in which it
 * ran. A session is a run of its own, named after the evaluation and counted up: a closed group
 * cannot be judged again. Of several sessions the latest counts.
 */
final class JudgementIndex {

  private final String evaluation;
  private final Map<Key, Entry> entries = new HashMap<>();

  private record Key(String judge, int presentation) {}

  private record Entry(int session, Map<Integer, Judgement> byPlace) {}

  /**
   * @param evaluation what the run ids of its sessions begin with
   */
  JudgementIndex(String evaluation) {
    this.evaluation = evaluation;
  }

  /** The id of a session's run. */
  String runId(int session) {
    return evaluation + "-" + session;
  }

  /** The number of the session with this run id; 0 when it is none of this evaluation. */
  int session(String runId) {
    String prefix = evaluation + "-";
    String number = runId.startsWith(prefix) ? runId.substring(prefix.length()) : "";
    return number.matches("[1-9]\\d{0,8}") ? Integer.parseInt(number) : 0;
  }

  /** Takes a judgement down; those of other runs are passed over. */
  void add(Judgement judgement) {
    int session = session(judgement.getRunId());
    String group = ComparisonEvents.groupId(judgement.getRunId(), 0);
    String beforeNumber = group.substring(0, group.length() - 1);
    if (session == 0 || !judgement.getGroupId().startsWith(beforeNumber)) {
      return;
    }
    String number = judgement.getGroupId().substring(beforeNumber.length());
    if (!number.matches("\\d{1,9}")) {
      return;
    }
    Key key = new Key(judgement.getJudge(), Integer.parseInt(number));
    Entry entry = entries.get(key);
    if (entry == null || entry.session() < session) {
      entry = new Entry(session, new HashMap<>());
      entries.put(key, entry);
    }
    if (entry.session() == session) {
      entry.byPlace().putIfAbsent(judgement.getIndex(), judgement);
    }
  }

  /** The judgements of a presentation by place; empty when there are none. */
  Map<Integer, Judgement> of(String judge, Presentation presentation) {
    Entry entry = entries.get(new Key(judge, presentation.number()));
    return entry == null ? Map.of() : entry.byPlace();
  }

  /** Whether every candidate has a judgement by every judge. */
  boolean isComplete(Set<String> judges, Presentation presentation) {
    int candidates = presentation.comparison().candidates().size();
    return judges.stream().allMatch(judge -> of(judge, presentation).size() == candidates);
  }

  /** Whether a judge failed on any candidate. */
  boolean hasFailed(Set<String> judges, Presentation presentation) {
    return judges.stream()
        .flatMap(judge -> of(judge, presentation).values().stream())
        .anyMatch(
            judgement ->
                judgement.getStatus() == JudgementStatus.FAILED
                    || judgement.getStatus() == JudgementStatus.TIMED_OUT);
  }
}
