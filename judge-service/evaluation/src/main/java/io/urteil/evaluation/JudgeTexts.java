package io.urteil.evaluation;

import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.report.EvaluationCase.Response;
import io.urteil.event.Judgement;
import io.urteil.event.Vote;
import io.urteil.order.CandidateOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The texts of a judge on one presentation, for readers. Pure. */
final class JudgeTexts {

  private JudgeTexts() {}

  /**
   * The texts of the votes, or of a judgement without such votes its own text, and the errors. Each
   * names the candidates of the benchmark in the order shown.
   *
   * @param byPosition the judgements by presented position
   */
  static List<Response> of(Presentation presentation, Map<Integer, Judgement> byPosition) {
    List<Integer> shown = presentation.order().shown();
    List<Response> responses = new ArrayList<>();
    for (Map.Entry<Integer, Judgement> entry : new TreeMap<>(byPosition).entrySet()) {
      Judgement judgement = entry.getValue();
      int before = responses.size();
      for (Vote vote : judgement.getVotes()) {
        if (vote.getText() != null) {
          responses.add(new Response(about(vote, entry.getKey(), shown), vote.getText()));
        }
      }
      if (responses.size() == before && judgement.getText() != null) {
        addNew(responses, new Response("text, order " + labels(shown), judgement.getText()));
      }
      if (judgement.getError() != null) {
        addNew(responses, new Response("error, order " + labels(shown), judgement.getError()));
      }
    }
    return responses;
  }

  /** A text on all candidates is in the judgement of each. */
  private static void addNew(List<Response> responses, Response response) {
    if (!responses.contains(response)) {
      responses.add(response);
    }
  }

  private static String about(Vote vote, int position, List<Integer> shown) {
    List<Integer> candidates = new ArrayList<>();
    for (String number : vote.getOrder().split(",", -1)) {
      int at = number.matches("\\d{1,4}") ? Integer.parseInt(number) : -1;
      if (at >= 0 && at < shown.size()) {
        candidates.add(shown.get(at));
      }
    }
    String about =
        candidates.size() > 1
            ? "order " + labels(candidates)
            : "answer " + CandidateOrder.label(shown.get(position));
    return about
        + (vote.getJudge().isEmpty() ? "" : ", " + vote.getJudge())
        + (vote.getSample() == 0 ? "" : ", sample " + (vote.getSample() + 1))
        + (vote.getRound() == 0 ? "" : ", round " + (vote.getRound() + 1));
  }

  private static String labels(List<Integer> candidates) {
    List<String> labels = candidates.stream().map(CandidateOrder::label).toList();
    boolean letters = labels.stream().allMatch(label -> Character.isLetter(label.charAt(0)));
    return String.join(letters ? "" : ",", labels);
  }
}
