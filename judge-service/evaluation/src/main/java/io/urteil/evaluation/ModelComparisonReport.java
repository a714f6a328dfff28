package io.urteil.evaluation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts of several models on one question, which {@code urteil compare --report} writes.
 *
 * @param answers in the given order: A is the first
 * @param agreement agree: all models have the same decision; differ: two have different ones;
 *     undecided: neither, because a model has no decision
 */
public record ModelComparisonReport(
    String question, List<String> answers, List<ComparedModel> models, String agreement) {

  public ModelComparisonReport {
    answers = List.copyOf(answers);
    models = List.copyOf(models);
  }

  /**
   * One model.
   *
   * @param model its name, with precision and prompt if those differ
   * @param result its verdicts; null if it failed
   * @param decision the preferred answer by its letter, or tie; for one answer its verdict; null if
   *     the model failed, a verdict is unreadable, or the orders contradict each other
   * @param seconds time of its judgement, without opening the model; 0 if it was not opened
   * @param error why it failed; null if it did not
   */
  public record ComparedModel(
      String model,
      @Nullable DirectQuestionReport result,
      @Nullable String decision,
      List<ComparedVote> votes,
      double seconds,
      @Nullable String error) {

    public ComparedModel {
      votes = List.copyOf(votes);
    }
  }

  /**
   * One vote of a model.
   *
   * @param order letters of the answers in the presented order
   * @param scores in the presented order; empty if the vote is unreadable
   * @param probabilities of the choices; empty unless the judge reads them
   * @param text of the response; null if none was generated
   */
  public record ComparedVote(
      String order,
      String verdict,
      List<Double> scores,
      List<Double> probabilities,
      @Nullable String text) {

    public ComparedVote {
      scores = List.copyOf(scores);
      probabilities = List.copyOf(probabilities);
    }
  }
}
