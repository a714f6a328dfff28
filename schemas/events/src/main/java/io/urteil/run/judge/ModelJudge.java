package io.urteil.run.judge;

import io.urteil.order.CandidateOrders;
import io.urteil.run.judge.JudgePanel.Combine;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A judge that queries a language model or a reward model. */
public sealed interface ModelJudge extends JudgeSection {

  /** Default of the time limit. */
  Duration TIME_LIMIT = Duration.ofMinutes(5);

  /** Time limit for one rollout or group, retries included. */
  Duration timeLimit();

  /** The models that it uses. */
  List<JudgePanel.Model> models();

  /** A copy with each model replaced by the result of the function. */
  ModelJudge withModels(UnaryOperator<JudgePanel.Model> change);

  /** A copy whose models in the judge's process have weights of this precision. */
  default ModelJudge withWeights(Weights weights) {
    return withModels(
        model ->
            model instanceof JudgePanel.Model.Local(Path directory, var _)
                ? new JudgePanel.Model.Local(directory, weights)
                : model);
  }

  /**
   * A copy with the panel replaced by the result of the function; a scalar judge has no panel and
   * is returned unchanged.
   */
  ModelJudge withPanel(UnaryOperator<JudgePanel> change);

  /** The key {@code timeLimit}. */
  static Duration limit(Keys<Duration> keys) {
    return keys.duration(
        "timeLimit",
        limit -> limit,
        TIME_LIMIT,
        "Time limit of the judge for one rollout or group, retries included; after it the"
            + " judgement is TIMED_OUT.");
  }

  /**
   * Presents each rollout to the panel and parses the verdict.
   *
   * @param combine how votes are aggregated
   */
  record Generative(JudgePanel panel, Combine combine, Duration timeLimit) implements ModelJudge {
    /** A judge that returns the majority of the votes. */
    public static Generative of(JudgePanel panel) {
      return new Generative(panel, Combine.MAJORITY, TIME_LIMIT);
    }

    @Override
    public List<JudgePanel.Model> models() {
      return panel.models();
    }

    @Override
    public Generative withModels(UnaryOperator<JudgePanel.Model> change) {
      return new Generative(panel.withModels(change), combine, timeLimit);
    }

    @Override
    public Generative withPanel(UnaryOperator<JudgePanel> change) {
      return new Generative(change.apply(panel), combine, timeLimit);
    }

    static Generative of(Keys<Generative> keys) {
      Generative judge =
          new Generative(
              JudgePanel.of(keys.view(Generative::panel)),
              Combine.of(keys.view(Generative::combine)),
              limit(keys.view(Generative::timeLimit)));
      keys.first(JudgePanel.MODELS);
      return judge;
    }

    @Override
    public String type() {
      return "generative";
    }
  }

  /**
   * Compares pairs of members of a group with the panel, and rates the members by the results.
   *
   * @param combine how the votes on a pair are aggregated
   * @param k maximum change of a sequential Elo rating in one match
   * @param prior for Bradley-Terry: ties of each member with an opponent of average strength
   */
  record Tournament(
      JudgePanel panel,
      Combine combine,
      CandidateOrders orders,
      Schedule schedule,
      Rating rating,
      double k,
      double prior,
      Duration timeLimit)
      implements ModelJudge {

    private static final double ELO_K = 32;
    private static final double ONE_TIE = 1;

    /** A round robin whose rating does not depend on the order of matches. */
    public static Tournament of(JudgePanel panel, CandidateOrders orders) {
      return new Tournament(
          panel,
          Combine.MAJORITY,
          orders,
          Schedule.ROUND_ROBIN,
          Rating.BRADLEY_TERRY,
          ELO_K,
          ONE_TIE,
          TIME_LIMIT);
    }

    @Override
    public List<JudgePanel.Model> models() {
      return panel.models();
    }

    @Override
    public Tournament withModels(UnaryOperator<JudgePanel.Model> change) {
      return new Tournament(
          panel.withModels(change), combine, orders, schedule, rating, k, prior, timeLimit);
    }

    @Override
    public Tournament withPanel(UnaryOperator<JudgePanel> change) {
      return new Tournament(
          change.apply(panel), combine, orders, schedule, rating, k, prior, timeLimit);
    }

    /** A copy that presents other orders. */
    public Tournament withOrders(CandidateOrders other) {
      return new Tournament(panel, combine, other, schedule, rating, k, prior, timeLimit);
    }

    static Tournament of(Keys<Tournament> keys) {
      Schedule schedule =
          keys.choice(
              "schedule",
              Tournament::schedule,
              Schedule.class,
              Schedule.ROUND_ROBIN,
              "Pairing of the members: n(n-1)/2 matches, n, or n-1 in rounds.");
      Rating rating =
          keys.choice(
              "rating",
              Tournament::rating,
              Rating.class,
              Rating.BRADLEY_TERRY,
              "How match results become scores.");
      if (rating == Rating.ROUNDS && schedule != Schedule.KNOCKOUT) {
        keys.problem("rating", "schedule: knockout for the rating rounds");
      }
      Tournament judge =
          new Tournament(
              JudgePanel.of(keys.view(Tournament::panel)),
              Combine.of(keys.view(Tournament::combine)),
              JudgePanel.orders(keys.view(Tournament::orders)),
              schedule,
              rating,
              keys.number(
                  "k",
                  Tournament::k,
                  ELO_K,
                  Bounds.ABOVE_0,
                  "Maximum change of a sequential Elo rating in one match."),
              keys.number(
                  "prior",
                  Tournament::prior,
                  ONE_TIE,
                  Bounds.ABOVE_0,
                  "For bradley-terry: ties of each member with an opponent of average strength."),
              limit(keys.view(Tournament::timeLimit)));
      keys.first(JudgePanel.MODELS);
      return judge;
    }

    /** Pairing of the members. */
    public enum Schedule {
      ROUND_ROBIN,
      CIRCULAR,
      KNOCKOUT
    }

    /** How match results become scores. */
    public enum Rating {
      BRADLEY_TERRY,
      ELO,
      WIN_RATE,
      MEAN_SCORE,
      ROUNDS
    }

    @Override
    public String type() {
      return "tournament";
    }

    @Override
    public boolean isGroupwise() {
      return true;
    }
  }

  /** Presents all members of a group at once to the panel, which scores each. */
  record Listwise(JudgePanel panel, CandidateOrders orders, Duration timeLimit)
      implements ModelJudge {
    /** A judge that presents the members in these orders. */
    public static Listwise of(JudgePanel panel, CandidateOrders orders) {
      return new Listwise(panel, orders, TIME_LIMIT);
    }

    @Override
    public List<JudgePanel.Model> models() {
      return panel.models();
    }

    @Override
    public Listwise withModels(UnaryOperator<JudgePanel.Model> change) {
      return new Listwise(panel.withModels(change), orders, timeLimit);
    }

    @Override
    public Listwise withPanel(UnaryOperator<JudgePanel> change) {
      return new Listwise(change.apply(panel), orders, timeLimit);
    }

    /** A copy that presents other orders. */
    public Listwise withOrders(CandidateOrders other) {
      return new Listwise(panel, other, timeLimit);
    }

    static Listwise of(Keys<Listwise> keys) {
      Listwise judge =
          new Listwise(
              JudgePanel.of(keys.view(Listwise::panel)),
              JudgePanel.orders(keys.view(Listwise::orders)),
              limit(keys.view(Listwise::timeLimit)));
      keys.first(JudgePanel.MODELS);
      return judge;
    }

    @Override
    public String type() {
      return "listwise";
    }

    @Override
    public boolean isGroupwise() {
      return true;
    }
  }

  /**
   * A reward model with a scalar head scores the conversation of each rollout, rendered by the
   * model's chat template.
   *
   * @param model Hugging Face model directory of the reward model
   */
  record Scalar(Path model, Weights weights, Duration timeLimit) implements ModelJudge {
    /** A reward model in single precision. */
    public static Scalar of(Path model) {
      return new Scalar(model, Weights.F32, TIME_LIMIT);
    }

    @Override
    public List<JudgePanel.Model> models() {
      return List.of(new JudgePanel.Model.Local(model, weights));
    }

    /**
     * @throws IllegalArgumentException for a model on a server, which returns no scores
     */
    @Override
    public Scalar withModels(UnaryOperator<JudgePanel.Model> change) {
      if (change.apply(new JudgePanel.Model.Local(model, weights))
          instanceof JudgePanel.Model.Local(Path other, Weights precision)) {
        return new Scalar(other, precision, timeLimit);
      }
      throw new IllegalArgumentException(
          "scalar judge with a server (expected: a model directory)");
    }

    @Override
    public Scalar withPanel(UnaryOperator<JudgePanel> change) {
      return this;
    }

    static Scalar of(Keys<Scalar> keys) {
      return new Scalar(
          keys.file(
              "model",
              Scalar::model,
              "Hugging Face model directory of the reward model, or the name of a cached model."),
          Weights.of(keys.view(Scalar::weights)),
          limit(keys.view(Scalar::timeLimit)));
    }

    @Override
    public String type() {
      return "scalar";
    }
  }
}
