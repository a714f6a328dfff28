package io.urteil.trainer.policy;

import io.urteil.trainer.objective.Objective;
import io.urteil.trainer.objective.SequenceLoss;
import io.urteil.trainer.objective.TrainingSequence;
import io.urteil.trainer.policy.StepStatistics.WeightChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * One step: (1) rows without a gradient are skipped, (2) the decoder processes the others in
 * micro-batches, (3) the objective computes a loss and its derivative from their log-probabilities,
 * (4) libtorch propagates the derivative to the weights, (5) the gradient is clipped and AdamW
 * updates the weights.
 *
 * <p>Runs on the trainer's thread. Each micro-batch has its own {@code PointerScope}, so memory
 * does not grow with the batch.
 */
final class GradientStep {

  private final Decoder policy;
  private final @Nullable Decoder reference;
  private final AdamW optimiser;
  private final double maxGradientNorm;
  private final ComputeSettings compute;

  GradientStep(
      Decoder policy,
      @Nullable Decoder reference,
      AdamW optimiser,
      double maxGradientNorm,
      ComputeSettings compute) {
    this.policy = policy;
    this.reference = reference;
    this.optimiser = optimiser;
    this.maxGradientNorm = maxGradientNorm;
    this.compute = compute;
  }

  StepStatistics run(
      List<TrainingSequence> batch, Objective objective, double learningRate, boolean measureAll) {
    BatchLoss total = backward(batch, objective);
    if (measureAll) {
      measure(batch, objective, total);
    }
    double gradientNorm = 0;
    WeightChange change = WeightChange.NO_CONTRIBUTION;
    if (total.computedRows() > 0) {
      gradientNorm = clip();
      boolean finite = Double.isFinite(gradientNorm) && Double.isFinite(total.loss());
      change = finite ? WeightChange.UPDATED : WeightChange.NOT_FINITE;
      if (finite) {
        optimiser.step(learningRate);
      }
    }
    policy.parameters().clearGradients();
    return total.statistics(change, gradientNorm, learningRate);
  }

  /** Adds the batch's gradient to the parameters. */
  BatchLoss backward(List<TrainingSequence> batch, Objective objective) {
    double[] weights = objective.tokenWeights(batch);
    BatchLoss total = new BatchLoss(batch);
    for (MicroBatch rows : bucket(batch, row -> objective.contributes(batch.get(row)))) {
      try (PointerScope scope = new PointerScope()) {
        Tensor logprobs = policy.logprobs(rows, objective.temperature());
        double[] values = Tensors.doubles(logprobs);
        double[] references = referenceLogprobs(rows, objective);
        double[] gradient = new double[values.length];
        for (int i = 0; i < rows.rows().length; i++) {
          int row = rows.rows()[i];
          double[] ofRow = rows.ofRow(values, i);
          SequenceLoss loss =
              objective.evaluate(
                  batch.get(row),
                  weights[row],
                  ofRow,
                  references.length == 0 ? references : rows.ofRow(references, i));
          System.arraycopy(
              loss.gradient(), 0, gradient, rows.firstTarget()[i], loss.gradient().length);
          total.add(batch.get(row), loss, ofRow);
        }
        logprobs.backward(
            Tensor.create(gradient).to(logprobs.scalar_type()),
            new BoolOptional(),
            false,
            new TensorArrayRefOptional());
      }
    }
    return total;
  }

  List<double[]> logprobs(List<TrainingSequence> batch, double temperature) {
    List<double[]> results = new ArrayList<>();
    batch.forEach(row -> results.add(new double[0]));
    for (MicroBatch rows : bucket(batch, row -> true)) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard noGradient = new NoGradGuard()) {
        double[] values = Tensors.doubles(policy.logprobs(rows, temperature));
        for (int i = 0; i < rows.rows().length; i++) {
          results.set(rows.rows()[i], rows.ofRow(values, i));
        }
      }
    }
    return results;
  }

  private void measure(List<TrainingSequence> batch, Objective objective, BatchLoss total) {
    List<TrainingSequence> leftOut =
        batch.stream().filter(row -> !objective.contributes(row)).toList();
    List<double[]> logprobs = logprobs(leftOut, objective.temperature());
    for (int i = 0; i < leftOut.size(); i++) {
      total.measure(leftOut.get(i), logprobs.get(i));
    }
  }

  private double[] referenceLogprobs(MicroBatch rows, Objective objective) {
    if (reference == null || !objective.needsReference()) {
      return new double[0];
    }
    try (NoGradGuard noGradient = new NoGradGuard()) {
      return Tensors.doubles(reference.logprobs(rows, objective.temperature()));
    }
  }

  private double clip() {
    try (PointerScope scope = new PointerScope()) {
      return torch.clip_grad_norm_(policy.parameters().vector(), maxGradientNorm);
    }
  }

  private List<MicroBatch> bucket(List<TrainingSequence> batch, IntPredicate wanted) {
    List<Integer> rows = IntStream.range(0, batch.size()).filter(wanted).boxed().toList();
    return MicroBatch.bucket(batch, rows, compute.microBatchTokens());
  }
}
