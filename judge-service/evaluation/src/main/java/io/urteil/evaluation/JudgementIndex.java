package io.urteil.evaluation;

import io.urteil.evaluation.benchmark.ComparisonEvents;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The judgements of an evaluation by judge and presentation, over all its sessions. Each session is
 * a separate, numbered run, because a closed group cannot be judged again. The latest session takes
 * precedence.
 */
final class JudgementIndex {

  private final String evaluation;
  private final Map<Key, Entry> entries = new HashMap<>();

  private record Key(String judge, int presentation) {}

  private record Entry(int session, Map<Integer, Judgement> byPosition) {}

  /**
   * @param evaluation prefix of the run ids of its sessions
   */
  JudgementIndex(String evaluation) {
    this.evaluation = evaluation;
  }

  /** The run id of a session. */
  String runId(int session) {
    return evaluation + "-" + session;
  }

  /** The number of the session with this run id; 0 for the run of another evaluation. */
  int session(String runId) {
    String prefix = evaluation + "-";
    String number = runId.startsWith(prefix) ? runId.substring(prefix.length()) : "";
    return number.matches("[1-9]\\d{0,8}") ? Integer.parseInt(number) : 0;
  }

  /** Adds a judgement; ignores judgements of other runs. */
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
      entry.byPosition().putIfAbsent(judgement.getIndex(), judgement);
    }
  }

  /** The judgements of a presentation by presented position; empty without one. */
  Map<Integer, Judgement> of(String judge, Presentation presentation) {
    Entry entry = entries.get(new Key(judge, presentation.number()));
    return entry == null ? Map.of() : entry.byPosition();
  }

  /** Whether every candidate has a judgement of every judge. */
  boolean isComplete(Set<String> judges, Presentation presentation) {
    int candidates = presentation.comparison().candidates().size();
    return judges.stream().allMatch(judge -> of(judge, presentation).size() == candidates);
  }

  /** Whether a judge failed or timed out for any candidate. */
  boolean hasFailed(Set<String> judges, Presentation presentation) {
    return judges.stream()
        .flatMap(judge -> of(judge, presentation).values().stream())
        .anyMatch(
            judgement ->
                judgement.getStatus() == JudgementStatus.FAILED
                    || judgement.getStatus() == JudgementStatus.TIMED_OUT);
  }
}
