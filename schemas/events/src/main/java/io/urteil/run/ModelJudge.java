package io.urteil.run;

import io.urteil.order.CandidateOrders;
import io.urteil.run.JudgePanel.Combine;
import java.nio.file.Path;
import java.time.Duration;

/** A judge that asks a model of its own. */
public sealed interface ModelJudge extends RunFile.Judge {

  /** How long it may take for one rollout or group, tries together. */
  Duration timeLimit();

  /**
   * Shows each rollout by itself to the panel and reads the verdict.
   *
   * @param combine what several votes come to
   */
  record Generative(JudgePanel panel, Combine combine, Duration timeLimit) implements ModelJudge {
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
  record Listwise(JudgePanel panel, CandidateOrders orders, Duration timeLimit)
      implements ModelJudge {
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
    @Override
    public String type() {
      return "scalar";
    }
  }
}
