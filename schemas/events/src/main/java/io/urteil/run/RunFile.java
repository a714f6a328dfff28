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
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A run file: everything that decides a reward and an update, a record a section. {@code
 * ops/docs/run-file.md} describes every key.
 *
 * <p>{@link RunFileReader} makes one of a text and {@link RunFileWriter} a text of one. {@link
 * #edit()} makes another one with other sections, which is checked as a text is. Two run files are
 * equal when their sections are; comments and layout, and with them {@link #text()} and {@link
 * #hash()}, may differ. Sections that a run does not need are null. Immutable.
 */
public final class RunFile {

  private final String run;
  private final @Nullable PolicySection policy;
  private final @Nullable DataSection data;
  private final GroupSection group;
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

  /** Name of the run, also its id on the log. */
  public String run() {
    return run;
  }

  /** The model that is trained, and sampled from; null in a run that needs none. */
  public @Nullable PolicySection policy() {
    return policy;
  }

  /** Where prompts come from; null when they are published by another program. */
  public @Nullable DataSection data() {
    return data;
  }

  /** What makes a group, and when it closes. */
  public GroupSection group() {
    return group;
  }

  /** How the policy's tokens are drawn. */
  public SamplingSection sampling() {
    return sampling;
  }

  /** The judges whose judgements reach rewards, by name, in the order of the file. */
  public SequencedMap<String, JudgeSection> judges() {
    return judges;
  }

  /** The judges of a share of the groups whose judgements never reach rewards, by name. */
  public SequencedMap<String, ShadowJudge> shadows() {
    return shadows;
  }

  /** The rule that turns judgements into rewards. */
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
   * Checks that the plug-ins of the reward rule, the advantage and the batch kind are installed in
   * this process, which a process that computes them needs.
   *
   * @throws IllegalArgumentException if one is not, or rejects its settings
   */
  public void requirePlugins() {
    reward.requireInstalled();
    advantage.requireInstalled();
    batch.kind().requireInstalled();
  }

  /** How far sampling may be behind training. */
  public StalenessSection staleness() {
    return staleness;
  }

  /** Objective and optimiser; null in a run that trains nothing. */
  public @Nullable TrainSection train() {
    return train;
  }

  /** Which versions are kept. */
  public CheckpointSection checkpoint() {
    return checkpoint;
  }

  /** When and on what the policy is evaluated; null for never. */
  public @Nullable EvaluateSection evaluate() {
    return evaluate;
  }

  /**
   * The YAML it was read from, word for word; of one that was built, what {@link RunFileWriter}
   * writes.
   */
  public String text() {
    return text;
  }

  /** SHA-256 of the text in hexadecimal. */
  public String hash() {
    return hash;
  }

  /** Whether a judge of the run looks at the members of a group together. */
  public boolean comparesMembers() {
    return judges.values().stream().anyMatch(JudgeSection::comparesMembers);
  }

  /** Whether a shadow judge compares members, and this group is in its share. */
  public boolean isComparedInTheShadow(String groupId) {
    return shadows.values().stream()
        .anyMatch(shadow -> shadow.judge().comparesMembers() && shadow.takes(groupId));
  }

  /** A run file of this name with the default of every section that has one. */
  public static Builder named(String run) {
    return new Builder(run);
  }

  /** A copy to change. */
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
   * The sections of a run file to be. {@link #build()} refuses what the reader refuses, in the same
   * words. A default that depends on another key is taken when the section is made: who lowers
   * {@code sampling.maxTokens} does not lower {@code reward.overlong.maxTokens}.
   */
  public static final class Builder {

    String run;
    @Nullable PolicySection policy;
    @Nullable DataSection data;
    GroupSection group;
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

    /** Names the run. */
    public Builder run(String run) {
      this.run = run;
      return this;
    }

    /** Takes no section policy. */
    public Builder withoutPolicy() {
      this.policy = null;
      return this;
    }

    /** Takes this section policy. */
    public Builder policy(PolicySection policy) {
      this.policy = policy;
      return this;
    }

    /** Takes no section data. */
    public Builder withoutData() {
      this.data = null;
      return this;
    }

    /** Takes this section data. */
    public Builder data(DataSection data) {
      this.data = data;
      return this;
    }

    /** Takes what this makes of the section data, which must be there. */
    public Builder data(UnaryOperator<DataSection> change) {
      this.data = change.apply(Objects.requireNonNull(data, "data"));
      return this;
    }

    /** Takes this section group. */
    public Builder group(GroupSection group) {
      this.group = group;
      return this;
    }

    /** Takes what this makes of the section group. */
    public Builder group(UnaryOperator<GroupSection> change) {
      this.group = change.apply(group);
      return this;
    }

    /** Takes this section sampling. */
    public Builder sampling(SamplingSection sampling) {
      this.sampling = sampling;
      return this;
    }

    /** Takes what this makes of the section sampling. */
    public Builder sampling(UnaryOperator<SamplingSection> change) {
      this.sampling = change.apply(sampling);
      return this;
    }

    /** Takes this section reward. */
    public Builder reward(RewardRule reward) {
      this.reward = reward;
      return this;
    }

    /** Takes what this makes of the section reward. */
    public Builder reward(UnaryOperator<RewardRule> change) {
      this.reward = change.apply(reward);
      return this;
    }

    /** Takes this section batch. */
    public Builder batch(BatchSection batch) {
      this.batch = batch;
      return this;
    }

    /** Takes what this makes of the section batch. */
    public Builder batch(UnaryOperator<BatchSection> change) {
      this.batch = change.apply(batch);
      return this;
    }

    /** Takes this section advantage. */
    public Builder advantage(Advantage advantage) {
      this.advantage = advantage;
      return this;
    }

    /** Takes this section staleness. */
    public Builder staleness(StalenessSection staleness) {
      this.staleness = staleness;
      return this;
    }

    /** Takes what this makes of the section staleness. */
    public Builder staleness(UnaryOperator<StalenessSection> change) {
      this.staleness = change.apply(staleness);
      return this;
    }

    /** Takes no section train. */
    public Builder withoutTrain() {
      this.train = null;
      return this;
    }

    /** Takes this section train. */
    public Builder train(TrainSection train) {
      this.train = train;
      return this;
    }

    /** Takes what this makes of the section train, which must be there. */
    public Builder train(UnaryOperator<TrainSection> change) {
      this.train = change.apply(Objects.requireNonNull(train, "train"));
      return this;
    }

    /** Takes this section checkpoint. */
    public Builder checkpoint(CheckpointSection checkpoint) {
      this.checkpoint = checkpoint;
      return this;
    }

    /** Takes what this makes of the section checkpoint. */
    public Builder checkpoint(UnaryOperator<CheckpointSection> change) {
      this.checkpoint = change.apply(checkpoint);
      return this;
    }

    /** Takes no section evaluate. */
    public Builder withoutEvaluate() {
      this.evaluate = null;
      return this;
    }

    /** Takes this section evaluate. */
    public Builder evaluate(EvaluateSection evaluate) {
      this.evaluate = evaluate;
      return this;
    }

    /** Takes what this makes of the section evaluate, which must be there. */
    public Builder evaluate(UnaryOperator<EvaluateSection> change) {
      this.evaluate = change.apply(Objects.requireNonNull(evaluate, "evaluate"));
      return this;
    }

    /** Adds a judge, or takes the place of the one of that name. */
    public Builder judge(String name, JudgeSection judge) {
      judges.put(name, judge);
      shadows.remove(name);
      return this;
    }

    /** Adds a shadow judge, or takes the place of the judge of that name. */
    public Builder shadow(String name, ShadowJudge shadow) {
      shadows.put(name, shadow);
      judges.remove(name);
      return this;
    }

    /** Takes these judges, and no shadow judges. */
    public Builder judges(Map<String, ? extends JudgeSection> others) {
      judges = new LinkedHashMap<>(others);
      shadows = new LinkedHashMap<>();
      return this;
    }

    /**
     * The run file, whose text is what {@link RunFileWriter} writes.
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
