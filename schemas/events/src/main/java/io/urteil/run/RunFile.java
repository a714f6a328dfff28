package io.urteil.run;

import io.urteil.advantage.Advantage;
import io.urteil.advantage.AdvantagePresets;
import io.urteil.batch.BatchSection;
import io.urteil.event.ContentHash;
import io.urteil.reward.RewardRule;
import io.urteil.reward.rule.RewardRules;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ShadowJudge;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A run file, which defines everything that decides a reward or an update. Each section is a
 * record. {@code ops/docs/run-file.md} describes every key.
 *
 * <p>{@link RunFileReader} parses a text and {@link RunFileWriter} writes one. {@link #edit()}
 * returns a builder for a changed copy, which has the same checks as a text. Run files are equal if
 * their sections are equal; {@link #text()} and {@link #hash()} may differ by comments and layout.
 * Absent sections are null. Immutable.
 */
public final class RunFile {

  private final String run;
  private final @Nullable PolicySection policy;
  private final @Nullable DataSection data;
  private final GroupSection group;
  private final GatewaySection gateway;
  private final SamplingSection sampling;
  private final SequencedMap<String, JudgeSection> judges;
  private final SequencedMap<String, ShadowJudge> shadows;
  private final RewardRule reward;
  private final BatchSection batch;
  private final Advantage advantage;
  private final StalenessSection staleness;
  private final @Nullable TrainSection train;
  private final CheckpointSection checkpoint;
  private final @Nullable EvaluateSection evaluate;
  private final String text;
  private final String hash;

  RunFile(Builder sections, String text, String hash) {
    this.run = sections.run;
    this.policy = sections.policy;
    this.data = sections.data;
    this.group = sections.group;
    this.gateway = sections.gateway;
    this.sampling = sections.sampling;
    this.judges = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sections.judges));
    this.shadows = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sections.shadows));
    this.reward = sections.reward;
    this.batch = sections.batch;
    this.advantage = sections.advantage;
    this.staleness = sections.staleness;
    this.train = sections.train;
    this.checkpoint = sections.checkpoint;
    this.evaluate = sections.evaluate;
    this.text = text;
    this.hash = hash;
  }

  /**
   * Whether a replacement of this file changes a section that belongs to the whole run: its
   * weights, its batches and its training depend on all earlier groups.
   *
   * @return the section and the expectation; empty if there is no such change
   */
  Optional<String> changeOfFixedSection(RunFile other) {
    String section =
        !Objects.equals(policy, other.policy)
            ? "policy"
            : !batch.equals(other.batch)
                ? "batch"
                : !advantage.equals(other.advantage)
                    ? "advantage"
                    : !Objects.equals(train, other.train)
                        ? "train"
                        : !group.arms().equals(other.group.arms()) ? "group.arms" : "";
    return section.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: changed (expected: as in the run file that is replaced; training that differs needs another run name)"
                .formatted(section));
  }

  /** Name of the run and its id in every event. */
  public String run() {
    return run;
  }

  /** The model that is trained and sampled; null if the run has none. */
  public @Nullable PolicySection policy() {
    return policy;
  }

  /** Source of the prompts; null if an external producer publishes them. */
  public @Nullable DataSection data() {
    return data;
  }

  /** Members and deadline of a group. */
  public GroupSection group() {
    return group;
  }

  /** How a gateway treats the requests of contracts that submit single samples. */
  public GatewaySection gateway() {
    return gateway;
  }

  /** Parameters for sampling from the policy. */
  public SamplingSection sampling() {
    return sampling;
  }

  /** The primary judges by name, in the order of the file. */
  public SequencedMap<String, JudgeSection> judges() {
    return judges;
  }

  /** The shadow judges by name, in the order of the file. */
  public SequencedMap<String, ShadowJudge> shadows() {
    return shadows;
  }

  /** The rule that computes rewards from judgements. */
  public RewardRule reward() {
    return reward;
  }

  /** How closed groups become batches. */
  public BatchSection batch() {
    return batch;
  }

  /** How advantages are computed within a group and arm. */
  public Advantage advantage() {
    return advantage;
  }

  /**
   * Checks that the plug-ins of the reward rule, the advantage and the batch kind are installed.
   * Required in a process that computes these.
   *
   * @throws IllegalArgumentException if one is missing or rejects its settings
   */
  public void requirePlugins() {
    reward.requireInstalled();
    advantage.requireInstalled();
    batch.kind().requireInstalled();
  }

  /** Permitted lag of sampling behind training. */
  public StalenessSection staleness() {
    return staleness;
  }

  /** Objective and optimiser; null if the run trains nothing. */
  public @Nullable TrainSection train() {
    return train;
  }

  /** Checkpoints that are written and kept. */
  public CheckpointSection checkpoint() {
    return checkpoint;
  }

  /** Evaluation of the policy on held-out prompts; null for none. */
  public @Nullable EvaluateSection evaluate() {
    return evaluate;
  }

  /**
   * The YAML: unchanged for a run file that was read, the output of {@link RunFileWriter} for one
   * that was built.
   */
  public String text() {
    return text;
  }

  /** SHA-256 of the text, in hexadecimal. */
  public String hash() {
    return hash;
  }

  /** Whether a primary judge is groupwise. */
  public boolean hasGroupwiseJudge() {
    return judges.values().stream().anyMatch(JudgeSection::isGroupwise);
  }

  /** Whether a groupwise shadow judge samples this group. */
  public boolean hasGroupwiseShadow(String groupId) {
    return shadows.values().stream()
        .anyMatch(shadow -> shadow.judge().isGroupwise() && shadow.samples(groupId));
  }

  /** A builder for a run of this name, with the default of every section that has one. */
  public static Builder builder(String run) {
    return new Builder(run);
  }

  /** A builder for a changed copy. */
  public Builder edit() {
    return new Builder(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RunFile that
        && Objects.equals(run, that.run)
        && Objects.equals(policy, that.policy)
        && Objects.equals(data, that.data)
        && Objects.equals(group, that.group)
        && Objects.equals(gateway, that.gateway)
        && Objects.equals(sampling, that.sampling)
        && Objects.equals(judges, that.judges)
        && Objects.equals(shadows, that.shadows)
        && Objects.equals(reward, that.reward)
        && Objects.equals(batch, that.batch)
        && Objects.equals(advantage, that.advantage)
        && Objects.equals(staleness, that.staleness)
        && Objects.equals(train, that.train)
        && Objects.equals(checkpoint, that.checkpoint)
        && Objects.equals(evaluate, that.evaluate);
  }

  @Override
  public int hashCode() {
    return Objects.hash(run, group, judges, shadows, reward, batch);
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * Builds a run file. {@link #build()} reports the same problems as the reader. A default that
   * depends on another key is determined when its section is created: a later change of {@code
   * sampling.maxTokens} does not change {@code reward.overlong.maxTokens}.
   */
  public static final class Builder {

    String run;
    @Nullable PolicySection policy;
    @Nullable DataSection data;
    GroupSection group;
    GatewaySection gateway;
    SamplingSection sampling;
    SequencedMap<String, JudgeSection> judges;
    SequencedMap<String, ShadowJudge> shadows;
    RewardRule reward;
    BatchSection batch;
    Advantage advantage;
    StalenessSection staleness;
    @Nullable TrainSection train;
    CheckpointSection checkpoint;
    @Nullable EvaluateSection evaluate;

    Builder(String run) {
      this.run = run;
      this.group = GroupSection.DEFAULT;
      this.gateway = GatewaySection.DEFAULT;
      this.sampling = SamplingSection.DEFAULT;
      this.judges = new LinkedHashMap<>();
      this.shadows = new LinkedHashMap<>();
      this.reward = RewardRules.NONE;
      this.batch = BatchSection.DEFAULT;
      this.advantage = AdvantagePresets.DEFAULT;
      this.staleness = StalenessSection.DEFAULT;
      this.checkpoint = CheckpointSection.DEFAULT;
    }

    private Builder(RunFile from) {
      this.run = from.run;
      this.policy = from.policy;
      this.data = from.data;
      this.group = from.group;
      this.gateway = from.gateway;
      this.sampling = from.sampling;
      this.judges = new LinkedHashMap<>(from.judges);
      this.shadows = new LinkedHashMap<>(from.shadows);
      this.reward = from.reward;
      this.batch = from.batch;
      this.advantage = from.advantage;
      this.staleness = from.staleness;
      this.train = from.train;
      this.checkpoint = from.checkpoint;
      this.evaluate = from.evaluate;
    }

    /** Sets the name of the run. */
    public Builder run(String run) {
      this.run = run;
      return this;
    }

    /** Removes the section {@code policy}. */
    public Builder withoutPolicy() {
      this.policy = null;
      return this;
    }

    /** Sets the section {@code policy}. */
    public Builder policy(PolicySection policy) {
      this.policy = policy;
      return this;
    }

    /** Removes the section {@code data}. */
    public Builder withoutData() {
      this.data = null;
      return this;
    }

    /** Sets the section {@code data}. */
    public Builder data(DataSection data) {
      this.data = data;
      return this;
    }

    /** Changes the section {@code data}, which is required. */
    public Builder data(UnaryOperator<DataSection> change) {
      this.data = change.apply(Objects.requireNonNull(data, "data"));
      return this;
    }

    /** Sets the section {@code group}. */
    public Builder group(GroupSection group) {
      this.group = group;
      return this;
    }

    /** Changes the section {@code group}. */
    public Builder group(UnaryOperator<GroupSection> change) {
      this.group = change.apply(group);
      return this;
    }

    /** Sets the section {@code gateway}. */
    public Builder gateway(GatewaySection gateway) {
      this.gateway = gateway;
      return this;
    }

    /** Sets the section {@code sampling}. */
    public Builder sampling(SamplingSection sampling) {
      this.sampling = sampling;
      return this;
    }

    /** Changes the section {@code sampling}. */
    public Builder sampling(UnaryOperator<SamplingSection> change) {
      this.sampling = change.apply(sampling);
      return this;
    }

    /** Sets the section {@code reward}. */
    public Builder reward(RewardRule reward) {
      this.reward = reward;
      return this;
    }

    /** Changes the section {@code reward}. */
    public Builder reward(UnaryOperator<RewardRule> change) {
      this.reward = change.apply(reward);
      return this;
    }

    /** Sets the section {@code batch}. */
    public Builder batch(BatchSection batch) {
      this.batch = batch;
      return this;
    }

    /** Changes the section {@code batch}. */
    public Builder batch(UnaryOperator<BatchSection> change) {
      this.batch = change.apply(batch);
      return this;
    }

    /** Sets the section {@code advantage}. */
    public Builder advantage(Advantage advantage) {
      this.advantage = advantage;
      return this;
    }

    /** Sets the section {@code staleness}. */
    public Builder staleness(StalenessSection staleness) {
      this.staleness = staleness;
      return this;
    }

    /** Changes the section {@code staleness}. */
    public Builder staleness(UnaryOperator<StalenessSection> change) {
      this.staleness = change.apply(staleness);
      return this;
    }

    /** Removes the section {@code train}. */
    public Builder withoutTrain() {
      this.train = null;
      return this;
    }

    /** Sets the section {@code train}. */
    public Builder train(TrainSection train) {
      this.train = train;
      return this;
    }

    /** Changes the section {@code train}, which is required. */
    public Builder train(UnaryOperator<TrainSection> change) {
      this.train = change.apply(Objects.requireNonNull(train, "train"));
      return this;
    }

    /** Sets the section {@code checkpoint}. */
    public Builder checkpoint(CheckpointSection checkpoint) {
      this.checkpoint = checkpoint;
      return this;
    }

    /** Changes the section {@code checkpoint}. */
    public Builder checkpoint(UnaryOperator<CheckpointSection> change) {
      this.checkpoint = change.apply(checkpoint);
      return this;
    }

    /** Removes the section {@code evaluate}. */
    public Builder withoutEvaluate() {
      this.evaluate = null;
      return this;
    }

    /** Sets the section {@code evaluate}. */
    public Builder evaluate(EvaluateSection evaluate) {
      this.evaluate = evaluate;
      return this;
    }

    /** Changes the section {@code evaluate}, which is required. */
    public Builder evaluate(UnaryOperator<EvaluateSection> change) {
      this.evaluate = change.apply(Objects.requireNonNull(evaluate, "evaluate"));
      return this;
    }

    /** Adds a primary judge, or replaces the judge of that name. */
    public Builder judge(String name, JudgeSection judge) {
      judges.put(name, judge);
      shadows.remove(name);
      return this;
    }

    /** Adds a shadow judge, or replaces the judge of that name. */
    public Builder shadow(String name, ShadowJudge shadow) {
      shadows.put(name, shadow);
      judges.remove(name);
      return this;
    }

    /** Replaces all judges, shadow judges included, by these primary judges. */
    public Builder judges(Map<String, ? extends JudgeSection> others) {
      judges = new LinkedHashMap<>(others);
      shadows = new LinkedHashMap<>();
      return this;
    }

    /**
     * The run file; its text is the output of {@link RunFileWriter}.
     *
     * @throws RunFileException naming every problem
     */
    public RunFile build() {
      RunFileWriter.Checked checked = RunFileWriter.checked(this);
      String text = RunFileWriter.print(checked.tree());
      return new RunFile(checked.sections(), text, ContentHash.of(text));
    }
  }
}
