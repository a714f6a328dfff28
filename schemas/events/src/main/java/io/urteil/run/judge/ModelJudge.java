package io.urteil.run.judge;

import io.urteil.order.CandidateOrders;
import io.urteil.run.judge.JudgePanel.Combine;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.nio.file.Path;
import java.time.Duration;

/** A judge that asks a model of its own. */
public sealed interface ModelJudge extends JudgeSection {

  /** How long it may take for one rollout or group, tries together. */
  Duration timeLimit();

  private static Duration limit(Keys<? extends ModelJudge> keys) {
    return keys.duration(
        "timeLimit",
        ModelJudge::timeLimit,
        Duration.ofMinutes(5),
        "How long the judge may take for one rollout or group, tries together, before it is"
            + " TIMED_OUT.");
  }

  /**
   * Shows each rollout by itself to the panel and reads the verdict.
   *
   * @param combine what several votes come to
   */
  record Generative(JudgePanel panel, Combine combine, Duration timeLimit) implements ModelJudge {
    static Generative of(Keys<Generative> keys) {
      Generative judge =
          new Generative(
              JudgePanel.of(keys.view(Generative::panel)),
              Combine.of(keys.view(Generative::combine)),
              limit(keys));
      keys.first(JudgePanel.MODELS);
      return judge;
    }

    @Override
    public String type() {
      return "generative";
    }
  }

  /**
   * Lets the members of a group meet in pairs before the panel, and rates them by the results.
   *
   * @param combine what the votes on a pair come to
   * @param k largest change of a sequential Elo by one match
   * @param prior ties with an opponent of mean strength, for Bradley-Terry
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

    static Tournament of(Keys<Tournament> keys) {
      Schedule schedule =
          keys.choice(
              "schedule",
              Tournament::schedule,
              Schedule.class,
              Schedule.ROUND_ROBIN,
              "Who meets whom: n(n-1)/2 matches, n, or n-1 in rounds.");
      Rating rating =
          keys.choice(
              "rating",
              Tournament::rating,
              Rating.class,
              Rating.BRADLEY_TERRY,
              "What the results come to.");
      if (rating == Rating.ROUNDS && schedule != Schedule.KNOCKOUT) {
        keys.problem("rating", "rounds only with schedule: knockout");
      }
      Tournament judge =
          new Tournament(
              JudgePanel.of(keys.view(Tournament::panel)),
              Combine.of(keys.view(Tournament::combine)),
              ModelJudge.orders(keys.view(Tournament::orders)),
              schedule,
              rating,
              keys.number(
                  "k",
                  Tournament::k,
                  32.0,
                  Bounds.ABOVE_0,
                  "Largest change of a sequential Elo by one match."),
              keys.number(
                  "prior",
                  Tournament::prior,
                  1.0,
                  Bounds.ABOVE_0,
                  "For bradley-terry: ties of each member with an opponent of mean strength."),
              limit(keys));
      keys.first(JudgePanel.MODELS);
      return judge;
    }

    /** Who meets whom. */
    public enum Schedule {
      ROUND_ROBIN,
      CIRCULAR,
      KNOCKOUT
    }

    /** What the results come to. */
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
    public boolean comparesMembers() {
      return true;
    }
  }

  /** Shows all members of a group at once to the panel, which scores each. */
  record Listwise(JudgePanel panel, CandidateOrders orders, Duration timeLimit) implements ModelJudge {
    static Listwise of(Keys<Listwise> keys) {
      Listwise judge =
          new Listwise(
              JudgePanel.of(keys.view(Listwise::panel)),
              ModelJudge.orders(keys.view(Listwise::orders)),
              limit(keys));
      keys.first(JudgePanel.MODELS);
      return judge;
    }

    @Override
    public String type() {
      return "listwise";
    }

    @Override
    public boolean comparesMembers() {
      return true;
    }
  }

  /**
   * A reward model with a scalar head scores each rollout: its whole conversation, through the
   * model's chat template.
   *
   * @param model Hugging Face model directory
   */
  record Scalar(Path model, Weights weights, Duration timeLimit) implements ModelJudge {
    static Scalar of(Keys<Scalar> keys) {
      return new Scalar(
          keys.file("model", Scalar::model, "Hugging Face model directory of the reward model."),
          Weights.of(keys.view(Scalar::weights)),
          limit(keys));
    }

    @Override
    public String type() {
      return "scalar";
    }
  }

  private static CandidateOrders orders(Keys<CandidateOrders> keys) {
    return keys.choice(
        "orders",
        orders -> orders,
        CandidateOrders.class,
        CandidateOrders.BOTH,
        "In which orders candidates are shown: by index, also the other way round, or one that is"
            + " drawn.");
  }
}
