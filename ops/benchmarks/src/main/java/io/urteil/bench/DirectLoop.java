package io.urteil.bench;

import io.urteil.checkpoint.CheckpointContent;
import io.urteil.checkpoint.CheckpointStore;
import io.urteil.checkpoint.TrainerState;
import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.event.JudgementStatus;
import io.urteil.event.PromptArm;
import io.urteil.event.Verdict;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.model.ModelDirectory;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.run.DataSection;
import io.urteil.run.RunFile;
import io.urteil.run.TrainSection;
import io.urteil.sampler.feed.PromptFile;
import io.urteil.trainer.objective.GrpoObjective;
import io.urteil.trainer.objective.ImportanceCorrection;
import io.urteil.trainer.objective.Normalisation;
import io.urteil.trainer.objective.TrainingSequence;
import io.urteil.trainer.policy.ComputeSettings;
import io.urteil.trainer.policy.OptimiserSettings;
import io.urteil.trainer.policy.PolicyTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The training loop without Kafka: the same engine, verdict format, reward rule, advantages,
 * objective and checkpoint writer as the service, called in sequence on one thread, with the policy
 * lag of the run.
 */
final class DirectLoop implements AutoCloseable {

  /** The engine settings of the sampler, so that both loops use the engine in the same way. */
  private static final EngineSettings ENGINE =
      EngineSettings.of(128, 128).on(ProcessSettings.ofProcess().runtime());

  private final RunFile run;
  private final PromptFile prompts;
  private final InferenceEngine engine;
  private final Tokenizer tokenizer;
  private final ModelDirectory seed;
  private final PolicyTrainer trainer;
  private final CheckpointStore checkpoints;
  private final List<Integer> stop;

  private record Member(int[] prompt, CompletionSample sample, String arm, int index) {}

  DirectLoop(RunFile run, Path directory) throws IOException {
    this.run = run;
    Path model = Objects.requireNonNull(run.policy(), "policy").model();
    this.prompts =
        PromptFile.read(Objects.requireNonNull(run.data(), "data").prompts(), run.group().arms());
    this.seed = ModelDirectory.open(model);
    this.engine = OnnxEngine.start(ENGINE);
    this.tokenizer = Tokenizer.open(model.resolve(Tokenizer.FILE_NAME));
    this.stop = seed.config().endOfSequenceIds();
    this.trainer =
        PolicyTrainer.load(
            seed, Optional.empty(), OptimiserSettings.reinforcement(), ComputeSettings.small());
    this.checkpoints = new CheckpointStore(directory);
  }

  /**
   * Trains all versions of the run. Returns the wall time from the first update to the last, in
   * seconds.
   */
  double run() {
    TrainSection train = Objects.requireNonNull(run.train(), "train");
    load(0, write(0));
    Deque<List<TrainingSequence>> waiting = new ArrayDeque<>();
    long first = 0;
    int sampled = 0;
    for (int step = 0; step < train.steps(); step++) {
      while (sampled < train.steps() && sampled <= step + run.staleness().maxVersionsBehind()) {
        waiting.add(sample(sampled++));
      }
      trainer.step(
          waiting.removeFirst(),
          new GrpoObjective(
              new Normalisation.PerToken(),
              train.clipLow(),
              train.clipHigh(),
              0,
              1,
              ImportanceCorrection.BEHAVIOUR),
          train.learningRate(),
          false);
      load(step + 1, write(step + 1));
      if (step == 0) {
        first = System.nanoTime();
      }
    }
    return (System.nanoTime() - first) / 1e9;
  }

  private List<TrainingSequence> sample(int batch) {
    DataSection data = Objects.requireNonNull(run.data(), "data");
    List<List<PromptArm>> groups = new ArrayList<>();
    List<CompletableFuture<Completion>> completions = new ArrayList<>();
    List<int[]> tokens = new ArrayList<>();
    for (int g = 0; g < run.batch().groups(); g++) {
      long ordinal = (long) batch * run.batch().groups() + g;
      List<PromptArm> arms = prompts.at(ordinal, data.order(), data.seed());
      groups.add(arms);
      for (PromptArm arm : arms) {
        int[] ids = tokenizer.encode(arm.getMessages().getFirst().getContent());
        tokens.add(ids);
        Sampling sampling =
            Sampling.at(
                run.sampling().temperature(),
                run.sampling().maxTokens(),
                stop,
                ordinal * 31 + completions.size());
        completions.add(
            engine.submit(
                new CompletionRequest(
                    ordinal + arm.getName(), ids, run.group().samplesPerArm(), sampling)));
      }
    }
    List<TrainingSequence> rows = new ArrayList<>();
    int next = 0;
    for (List<PromptArm> arms : groups) {
      List<Member> members = new ArrayList<>();
      List<JudgedMember> judged = new ArrayList<>();
      for (PromptArm arm : arms) {
        List<CompletionSample> samples = completions.get(next).join().samples();
        for (int i = 0; i < samples.size(); i++) {
          members.add(new Member(tokens.get(next), samples.get(i), arm.getName(), i));
          judged.add(judge(arm, i, samples.get(i)));
        }
        next++;
      }
      rows.addAll(rows(members, judged));
    }
    return rows;
  }

  private JudgedMember judge(PromptArm arm, int index, CompletionSample sample) {
    String text = tokenizer.decode(sample.tokenIds());
    JudgedMember.Finding finding =
        VerdictFormat.THINK_ANSWER_SCORES.parse(text) instanceof ParsedVerdict.Pairwise read
            ? new JudgedMember.Finding(
                "outcome",
                JudgementStatus.SCORED,
                Verdict.newBuilder().setPreference(read.preference().spelling()).build(),
                null)
            : new JudgedMember.Finding("outcome", JudgementStatus.UNPARSEABLE, null, null);
    return new JudgedMember(
        arm.getName(),
        index,
        arm.getReference(),
        Map.of(),
        new JudgedMember.Length(sample.tokenIds().length, false),
        Map.of("outcome", finding));
  }

  private List<TrainingSequence> rows(List<Member> members, List<JudgedMember> judged) {
    List<RewardResult> results = run.reward().rewards(judged);
    List<TrainingSequence> rows = new ArrayList<>();
    int perArm = run.group().samplesPerArm();
    for (int from = 0; from < members.size(); from += perArm) {
      double[] rewards =
          results.subList(from, from + perArm).stream()
              .mapToDouble(result -> ((RewardResult.Scored) result).value())
              .toArray();
      double[] advantages = run.advantage().advantages(rewards);
      for (int i = 0; i < perArm; i++) {
        rows.add(row(members.get(from + i), advantages[i]));
      }
    }
    return rows;
  }

  private static TrainingSequence row(Member member, double advantage) {
    int[] response = member.sample().tokenIds();
    int start = member.prompt().length;
    int[] tokens = java.util.Arrays.copyOf(member.prompt(), start + response.length);
    boolean[] trained = new boolean[tokens.length];
    float[] behaviour = new float[tokens.length];
    System.arraycopy(response, 0, tokens, start, response.length);
    System.arraycopy(member.sample().logProbabilities(), 0, behaviour, start, response.length);
    java.util.Arrays.fill(trained, start, tokens.length, true);
    return new TrainingSequence(tokens, trained, behaviour, advantage);
  }

  private Path write(long version) {
    Path model = Objects.requireNonNull(run.policy(), "policy").model();
    return trainer.read(
        policy ->
            checkpoints
                .write(
                    version,
                    new CheckpointContent(
                        trainer.config(),
                        policy.weights(),
                        List.of(model.resolve(Tokenizer.FILE_NAME)),
                        Optional.of(
                            new CheckpointContent.Training(
                                policy.optimiser(), new TrainerState(version, "direct", null)))))
                .folder());
  }

  private void load(long version, Path folder) {
    if (engine.switchTo(new ModelVersion("direct", "direct", version), folder).join()
        instanceof LoadOutcome.Rejected(ModelVersion rejected, String reason)) {
      throw new IllegalStateException("cannot load " + rejected + ": " + reason);
    }
    checkpoints.prune(5, kept -> false);
  }

  @Override
  public void close() {
    engine.close();
    tokenizer.close();
    trainer.close();
  }
}
