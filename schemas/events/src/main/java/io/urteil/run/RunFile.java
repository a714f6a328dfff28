package io.urteil.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A run file, read and checked; see {@code ops/docs/run-file.md} for every key, its default and its
 * meaning. Sections that a run does not need (a run that only scores has no policy) are null.
 *
 * @param run name of the run, also its id on the log
 * @param policy the model that is trained, and sampled from
 * @param data where prompts come from
 * @param group what makes a group, and when it closes
 * @param sampling how the policy's tokens are drawn
 * @param judges the judges by name, in the order of the file
 * @param shadows judges that look on at a share of the traffic, by name; they never reach rewards
 * @param reward the rule that turns judgements into rewards
 * @param batch how closed groups become batches
 * @param advantage how advantages are computed within a group and arm
 * @param staleness how far sampling may be behind training
 * @param train objective and optimiser
 * @param checkpoint which versions are kept
 * @param evaluate when and on what the policy is evaluated
 * @param text the file, word for word
 * @param hash SHA-256 of the text in hexadecimal
 */
public record RunFile(
    String run,
    @Nullable Policy policy,
    @Nullable Data data,
    Group group,
    Sampling sampling,
    SequencedMap<String, Judge> judges,
    SequencedMap<String, Shadow> shadows,
    RewardRule reward,
    Batch batch,
    Advantage advantage,
    Staleness staleness,
    @Nullable Train train,
    CheckpointPlan checkpoint,
    @Nullable Evaluate evaluate,
    String text,
    String hash) {

  public RunFile {
    judges = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(judges));
    shadows = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(shadows));
  }

  /** Whether a judge that looks on compares members, and this group is in its share. */
  public boolean isComparedInTheShadow(String groupId) {
    return shadows.values().stream()
        .anyMatch(shadow -> shadow.judge().comparesMembers() && shadow.takes(groupId));
  }

  /** Whether a judge of the run looks at the members of a group together. */
  public boolean comparesMembers() {
    return judges.values().stream().anyMatch(Judge::comparesMembers);
  }

  /**
   * @param model Hugging Face model directory of version 0
   */
  public record Policy(Path model) {}

  /**
   * @param prompts JSON lines of prompts: {@code {"id", "arms": [{"name", "prompt" | "messages",
   *     "reference"}]}}; with {@code judgePrompt} of pairs
   * @param judgePrompt the judge prompt that makes pairs the prompts of a judge under training;
   *     null when the file holds prompts
   * @param judgePrompts the judge prompts of arms that have another one
   * @param reference what of a pair is the reference of its prompts
   * @param showReference whether the judge prompt shows a pair's reference answer, in training and
   *     when the policy is evaluated as a judge
   * @param order given or shuffled (anew for each pass, by seed)
   * @param seed of the order and of all sampling
   */
  public record Data(
      Path prompts,
      @Nullable String judgePrompt,
      Map<String, String> judgePrompts,
      PairReference reference,
      boolean showReference,
      Order order,
      long seed) {
    public Data {
      judgePrompts = Map.copyOf(judgePrompts);
    }

    /** What a verdict on a pair is compared with. */
    public enum PairReference {
      /** The better answer: A, B or tie. */
      PREFERENCE,
      /** Both gold scores, in the order shown. */
      SCORES,
      /** How much better, below 0 for the first. */
      STRENGTH
    }

    /** In which order prompts are taken. */
    public enum Order {
      GIVEN,
      SHUFFLED
    }
  }

  /**
   * @param arms the prompt variants of a group; every prompt has these
   * @param samplesPerArm rollouts of each arm
   * @param deadline how long after its prompt a group may stay open
   * @param onMissing what becomes of a group that lacks members at its deadline
   */
  public record Group(
      List<String> arms, int samplesPerArm, Duration deadline, OnMissing onMissing) {
    public Group {
      arms = List.copyOf(arms);
    }
  }

  /** What becomes of a group that lacks members at its deadline. */
  public sealed interface OnMissing {
    /** The group is dropped. */
    record Drop() implements OnMissing {}

    /** The group stays open for at most this much longer, then is dropped. */
    record Wait(Duration atMost) implements OnMissing {}

    /** The group goes on with what is there, when each arm has at least this many. */
    record Survivors(int perArm) implements OnMissing {}

    /**
     * The missing members are asked for again, up to this many times, then the group is dropped.
     */
    record Refill(int maxAttempts) implements OnMissing {}
  }

  /**
   * @param temperature softmax temperature; 0 is greedy
   * @param topP nucleus mass; 1 is off
   * @param topK candidates kept; 0 is off
   * @param minP candidates kept: those at least so many times as likely as the likeliest; 0 is off
   * @param repetitionPenalty what logits of tokens that were seen are divided by; 1 is off
   * @param maxTokens most tokens of a rollout
   * @param stop texts that end a rollout and are no part of its text
   * @param grammar name of the form that every rollout takes; empty for none
   */
  public record Sampling(
      double temperature,
      double topP,
      int topK,
      double minP,
      double repetitionPenalty,
      int maxTokens,
      List<String> stop,
      String grammar) {
    public Sampling {
      stop = List.copyOf(stop);
    }
  }

  /**
   * A judge that looks on. Its judgements go to {@code shadow-judgements}.
   *
   * @param share of the groups that it judges, above 0, at most 1
   */
  public record Shadow(Judge judge, double share) {

    private static final int HEX_DIGITS = 13;
    private static final double RANGE = 1L << (4 * HEX_DIGITS);

    /**
     * Whether the group is in the share: a function of its id, so that every worker chooses alike,
     * and a larger share has all groups of a smaller one.
     */
    public boolean takes(String groupId) {
      String hash = io.urteil.event.ContentHash.of("shadow/" + groupId);
      return Long.parseLong(hash.substring(0, HEX_DIGITS), 16) / RANGE < share;
    }
  }

  /** A judge of the run. */
  public sealed interface Judge
      permits Judge.VerdictJudge,
          Judge.AnswerJudge,
          Judge.MajorityAnswerJudge,
          ModelJudge,
          CustomJudge {
    /** Name of the judge's kind in the run file. */
    String type();

    /**
     * Whether it looks at the members of a group together. The topology tells such judges of a
     * group as soon as all of its rollouts are on the log, by a {@code RolloutGroup}.
     */
    default boolean comparesMembers() {
      return false;
    }

    /**
     * Reads the verdict that the policy itself wrote, and compares nothing.
     *
     * @param formats of arms that have another one
     */
    record VerdictJudge(String format, Map<String, String> formats) implements Judge {
      public VerdictJudge {
        formats = Map.copyOf(formats);
      }

      @Override
      public String type() {
        return "verdict";
      }
    }

    /** Compares the rollout's final answer with the reference; the label is right or wrong. */
    record AnswerJudge(Compare compare) implements Judge {
      /** How two answers are compared. */
      public enum Compare {
        /** By value, whatever commas, units and form. */
        NUMBER,
        /** As words. */
        TEXT,
        /** By meaning, LaTeX or plain: expressions, sets, intervals, points, matrices. */
        MATH,
        /** By the letter of a multiple choice. */
        CHOICE
      }

      @Override
      public String type() {
        return "answer";
      }
    }

    /** Calls the answer that most members gave right; needs no reference. */
    record MajorityAnswerJudge(AnswerJudge.Compare compare) implements Judge {
      @Override
      public String type() {
        return "majority-answer";
      }

      @Override
      public boolean comparesMembers() {
        return true;
      }
    }
  }

  /**
   * @param rule name of the rule
   * @param judge name of the judge whose judgements it prices
   * @param prices the rule's named numbers, defaults filled in
   * @param options the rule's named choices, defaults filled in
   * @param parts of the rules {@code weighted} and {@code by-arm}, in the order of the file; empty
   *     for all others
   * @param overlong what long texts lose; null for nothing
   */
  public record RewardRule(
      String rule,
      String judge,
      Map<String, Double> prices,
      Map<String, String> options,
      SequencedMap<String, RewardPart> parts,
      @Nullable Overlong overlong) {
    public RewardRule {
      prices = Map.copyOf(prices);
      options = Map.copyOf(options);
      parts = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
    }

    /** A rule of numbers alone. */
    public RewardRule(String rule, String judge, Map<String, Double> prices) {
      this(rule, judge, prices, Map.of(), new LinkedHashMap<>(), null);
    }

    /** The price of this name; the reader has made sure that it is there. */
    public double price(String name) {
      Double price = prices.get(name);
      if (price == null) {
        throw new IllegalArgumentException("reward rule " + rule + " has no price '" + name + "'");
      }
      return price;
    }

    /** The price of this name, where the run file names one. */
    public java.util.OptionalDouble priceIfNamed(String name) {
      Double price = prices.get(name);
      return price == null ? java.util.OptionalDouble.empty() : java.util.OptionalDouble.of(price);
    }

    /** Whether the choice of this name is this one. */
    public boolean is(String option, String choice) {
      return choice.equals(options.get(option));
    }

    /** The judges whose judgements are priced. */
    public List<String> judges() {
      return parts.isEmpty()
          ? List.of(judge)
          : parts.values().stream().map(part -> part.rule().judge()).distinct().toList();
    }
  }

  /**
   * A rule among others.
   *
   * @param weight of its reward in a sum
   * @param arms whose members it pays; empty for all
   */
  public record RewardPart(double weight, List<String> arms, RewardRule rule) {
    public RewardPart {
      arms = List.copyOf(arms);
    }
  }

  /**
   * DAPO's soft punishment of long texts.
   *
   * @param maxTokens length at which all of it is lost
   * @param buffer tokens before that over which it grows
   * @param factor what is lost at most
   */
  public record Overlong(int maxTokens, int buffer, double factor) {}

  /**
   * @param kind what closed groups become
   * @param groups groups in a batch; with {@code tokens}, the most
   * @param tokens trained tokens at which a batch is full before that; 0 for groups alone
   * @param zeroVariance what becomes of a group that teaches nothing, since its rewards are equal
   * @param order whether batches take groups by their ordinal or as they close
   * @param pairs which members of an arm become pairs
   * @param threshold the least reward of a demonstration
   */
  public record Batch(
      Kind kind,
      int groups,
      int tokens,
      ZeroVariance zeroVariance,
      Order order,
      Pairs pairs,
      double threshold) {
    /** Batches of this many groups, without limit of tokens. */
    public Batch(Kind kind, int groups, ZeroVariance zeroVariance, Order order) {
      this(kind, groups, 0, zeroVariance, order, Pairs.BEST_WORST, Double.NaN);
    }

    /** What closed groups become. */
    public enum Kind {
      GRPO,
      PREFERENCE,
      DEMONSTRATION,
      NONE
    }

    /** What becomes of a group whose rewards are all equal. */
    public enum ZeroVariance {
      /** It stays in the batch, and in the count of tokens, with advantage 0. */
      KEEP_COUNT,
      /** It is filtered; its place in the batch stays empty. */
      DROP,
      /** It is filtered; its place is taken by the next group, for which admission makes room. */
      REFILL
    }

    /** Which members of an arm become pairs. */
    public enum Pairs {
      /** The best and the worst, the earlier of equals. */
      BEST_WORST,
      /** Every two with different rewards. */
      ALL
    }

    /** Which group comes next. */
    public enum Order {
      /** By the prompt's ordinal: batch b is the same whatever the timing. */
      ORDINAL,
      /** By the time of closing: no group waits for a slower one. */
      CLOSED
    }
  }

  /**
   * Advantage of a member: (reward - baseline) / (scale + epsilon), within its group and arm.
   *
   * @param preset name of the preset the settings came from
   * @param ddof delta degrees of freedom of the standard deviation
   * @param alone what the one survivor of a group and arm gets
   * @param of what the formula is applied to
   * @param whiten whether the results are brought to mean 0 and deviation 1 over the batch
   */
  public record Advantage(
      @Nullable String preset,
      Baseline baseline,
      Scale scale,
      int ddof,
      double epsilon,
      Alone alone,
      Of of,
      boolean whiten) {
    /** Settings over the whole reward, without statistics of the batch. */
    public Advantage(
        @Nullable String preset, Baseline baseline, Scale scale, int ddof, double epsilon) {
      this(preset, baseline, scale, ddof, epsilon, Alone.ZERO, Of.REWARD, false);
    }

    /** What is subtracted. */
    public enum Baseline {
      NONE,
      MEAN,
      LEAVE_ONE_OUT
    }

    /** What is divided by. */
    public enum Scale {
      NONE,
      /** Standard deviation of the group and arm. */
      GROUP,
      /** Standard deviation of the others of the group and arm. */
      LEAVE_ONE_OUT,
      /** Standard deviation over all rewards of the batch. */
      BATCH,
      /** Mean of the group and arm; where that is not above 0, the advantage is 0. */
      MEAN
    }

    /** What the one survivor of a group and arm gets. */
    public enum Alone {
      /** 0: there is nothing to compare with. */
      ZERO,
      /** Its reward over 1 + epsilon, as if the baseline were 0 and the scale 1. */
      REWARD
    }

    /** What the formula is applied to. */
    public enum Of {
      /** The reward. */
      REWARD,
      /** Each named part of it; the results are summed, by the weights of {@code reward.parts}. */
      PARTS
    }
  }

  /**
   * @param maxVersionsBehind how many versions the sampler may be behind the version that trains on
   *     its rollouts
   * @param exact whether it must be exactly that many
   */
  public record Staleness(int maxVersionsBehind, boolean exact) {}

  /**
   * @param objective grpo or sft
   * @param steps updates to make
   * @param clipLow the ratio is clipped at 1 - clipLow
   * @param clipHigh and at 1 + clipHigh
   * @param normalise what the loss is divided by
   * @param kl weight of the k3 estimate against version 0
   * @param gradientClip largest gradient norm
   * @param importance whether ratios are taken against the behaviour log-probabilities
   */
  public record Train(
      String objective,
      int steps,
      double learningRate,
      double clipLow,
      double clipHigh,
      Normalise normalise,
      double kl,
      double gradientClip,
      double beta1,
      double beta2,
      double weightDecay,
      Importance importance) {
    /** What the sum over tokens is divided by. */
    public enum Normalise {
      /** All trained tokens of the batch (DAPO). */
      TOKEN,
      /** Each sequence's length, then the number of sequences (GRPO). */
      SEQUENCE,
      /** sampling.maxTokens times the number of sequences (Dr. GRPO). */
      CONSTANT
    }

    /** What the importance ratio is taken against. */
    public enum Importance {
      /** The log-probabilities recorded when the tokens were drawn. */
      BEHAVIOUR,
      /** The trainer's own, detached: ratio 1. An ablation; unsafe once the sampler lags. */
      NONE
    }
  }

  /**
   * @param fullEvery every how many versions optimiser and random state are written too
   * @param keep how many of the newest versions are kept on disk
   */
  public record CheckpointPlan(int fullEvery, int keep) {}

  /**
   * @param every versions between two evaluations; version 0 and the last are always evaluated
   * @param prompts JSON lines of held-out prompts
   * @param size how many of them, from the first
   */
  public record Evaluate(int every, Path prompts, int size) {}
}
