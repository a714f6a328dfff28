package io.urteil.local.arithmetic;

import io.urteil.model.DecoderConfig;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.trainer.SupervisedTraining;
import io.urteil.trainer.objective.LearningRate;
import io.urteil.trainer.objective.TrainingSequence;
import io.urteil.trainer.policy.ComputeSettings;
import io.urteil.trainer.policy.OptimiserSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Trains the seed judge with the trainer's {@code sft} objective in two phases: first on complete
 * and correct working, which teaches the skill, then on a mixture with faults, which leaves room
 * for reinforcement learning. A single phase on the mixture does not teach the skill, and all
 * rewards stay equal.
 *
 * <p>The same seed on one thread of the same machine produces the same bytes.
 */
public final class SeedJudgeTraining implements AutoCloseable {

  private static final int BATCH = 64;
  private static final int WARM_UP = 100;

  private final Path files;
  private final long seed;
  private final Tokenizer tokenizer;
  private final SupervisedTraining training;
  private final ExecutorService prefetch = Executors.newVirtualThreadPerTaskExecutor();

  /** The two phases, in order. */
  public enum Phase {
    /** Complete and correct working. */
    CLEAN(1600, 4e-3, DemonstrationFaults.NONE),
    /** Guesses, incomplete working, slips and malformed verdicts. */
    FAULTS(300, 8e-4, DemonstrationFaults.IMPERFECT);

    private final int steps;
    private final double learningRate;
    private final DemonstrationFaults faults;

    Phase(int steps, double learningRate, DemonstrationFaults faults) {
      this.steps = steps;
      this.learningRate = learningRate;
      this.faults = faults;
    }

    /** Optimiser steps of this phase. */
    public int steps() {
      return steps;
    }
  }

  /** Called after each step, on the caller's thread. */
  public interface Listener {
    /**
     * @param phase the phase
     * @param step number of the step, from 1 to the steps of the phase
     * @param loss mean loss per response token of the batch
     */
    void stepped(Phase phase, int step, double loss);
  }

  /**
   * @param files directory to which config.json, tokenizer.json and the other model files are
   *     copied
   * @param seed seed of weights and demonstrations
   */
  public SeedJudgeTraining(Path files, long seed) throws IOException {
    SeedModelFiles.copyTo(files);
    this.files = files;
    this.seed = seed;
    this.tokenizer = Tokenizer.open(files.resolve("tokenizer.json"));
    this.training =
        SupervisedTraining.fromScratch(
            DecoderConfig.read(files),
            seed,
            OptimiserSettings.supervised(),
            new ComputeSettings(1, 4096));
  }

  /** Trains one phase; call {@link Phase#CLEAN} first. */
  public void run(Phase phase, Listener listener) {
    Demonstrations demonstrations = new Demonstrations(phase.faults, seed * 7919 + phase.ordinal());
    training.run(
        batches(demonstrations, phase.steps),
        new LearningRate.WarmUpCosine(phase.learningRate, WARM_UP, phase.steps),
        (step, statistics) -> listener.stepped(phase, step + 1, statistics.loss()));
  }

  /** Writes the current weights as a model directory. */
  public void write(Path directory) {
    training.write(
        directory,
        List.of(
            files.resolve("tokenizer.json"),
            files.resolve("tokenizer_config.json"),
            files.resolve("generation_config.json"),
            files.resolve("judge-prompt.yaml")));
  }

  /**
   * The batches of a phase. While one is trained, the next is generated and tokenized on another
   * thread.
   */
  private Iterator<List<TrainingSequence>> batches(Demonstrations demonstrations, int count) {
    return new Iterator<>() {
      private int delivered;
      private CompletableFuture<List<TrainingSequence>> next = begin();

      private CompletableFuture<List<TrainingSequence>> begin() {
        return CompletableFuture.supplyAsync(() -> batch(demonstrations), prefetch);
      }

      @Override
      public boolean hasNext() {
        return delivered < count;
      }

      @Override
      public List<TrainingSequence> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        delivered++;
        List<TrainingSequence> batch = next.join();
        if (hasNext()) {
          next = begin();
        }
        return batch;
      }
    };
  }

  private List<TrainingSequence> batch(Demonstrations demonstrations) {
    List<TrainingSequence> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      batch.add(sequence(demonstrations.next()));
    }
    batch.sort(Comparator.comparingInt(TrainingSequence::length));
    return batch;
  }

  private TrainingSequence sequence(Demonstrations.Demonstration demonstration) {
    int[] prompt = tokenizer.encode(demonstration.prompt());
    int[] response = tokenizer.encode(demonstration.response() + "<eos>");
    int[] tokens = new int[prompt.length + response.length];
    boolean[] trained = new boolean[tokens.length];
    System.arraycopy(prompt, 0, tokens, 0, prompt.length);
    System.arraycopy(response, 0, tokens, prompt.length, response.length);
    java.util.Arrays.fill(trained, prompt.length, tokens.length, true);
    return TrainingSequence.demonstration(tokens, trained);
  }

  @Override
  public void close() {
    prefetch.close();
    training.close();
    tokenizer.close();
  }
}
