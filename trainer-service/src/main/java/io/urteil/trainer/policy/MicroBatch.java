package io.urteil.trainer.policy;

import io.urteil.trainer.objective.TrainingSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Rows that the decoder processes together, padded on the right to the longest. Attention is
 * causal, so padding changes nothing for the tokens before it and needs no mask.
 *
 * <p>Position t is predicted from the hidden state at t - 1, so a row of n tokens needs n - 1
 * inputs, and {@code width} is the longest row minus one.
 *
 * @param rows indices into the batch, shortest row first
 * @param width inputs per row
 * @param inputs {@code [rows, width]}, row-major, padded with token 0
 * @param predictors for each trained token, row by row, the flat index into {@code inputs} whose
 *     hidden state predicts it
 * @param targets the trained tokens in the same order
 * @param firstTarget the first target of each row, and at the end the number of targets
 */
record MicroBatch(
    int[] rows, int width, long[] inputs, long[] predictors, long[] targets, int[] firstTarget) {

  /**
   * Splits rows into micro-batches of similar length.
   *
   * @param rows indices into {@code batch}; those without trained tokens are skipped
   * @param maxTokens maximum of rows times width, unless a single row is longer
   */
  static List<MicroBatch> bucket(List<TrainingSequence> batch, List<Integer> rows, int maxTokens) {
    List<Integer> byLength = new ArrayList<>(rows);
    byLength.removeIf(row -> batch.get(row).trainedCount() == 0);
    byLength.sort(Comparator.comparingInt(row -> batch.get(row).length()));
    List<MicroBatch> microBatches = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= byLength.size(); to++) {
      boolean full =
          to == byLength.size()
              || (to + 1L - from) * (batch.get(byLength.get(to)).length() - 1) > maxTokens;
      if (full) {
        microBatches.add(of(batch, byLength.subList(from, to)));
        from = to;
      }
    }
    return microBatches;
  }

  static MicroBatch of(List<TrainingSequence> batch, List<Integer> rows) {
    int width = rows.stream().mapToInt(row -> batch.get(row).length() - 1).max().orElseThrow();
    long[] inputs = new long[rows.size() * width];
    int[] firstTarget = new int[rows.size() + 1];
    for (int i = 0; i < rows.size(); i++) {
      firstTarget[i + 1] = firstTarget[i] + batch.get(rows.get(i)).trainedCount();
    }
    long[] predictors = new long[firstTarget[rows.size()]];
    long[] targets = new long[predictors.length];
    for (int i = 0; i < rows.size(); i++) {
      TrainingSequence row = batch.get(rows.get(i));
      for (int t = 0; t < row.length() - 1; t++) {
        inputs[i * width + t] = row.tokens()[t];
      }
      int target = firstTarget[i];
      for (int position : row.trainedPositions()) {
        predictors[target] = (long) i * width + position - 1;
        targets[target++] = row.tokens()[position];
      }
    }
    return new MicroBatch(
        rows.stream().mapToInt(Integer::intValue).toArray(),
        width,
        inputs,
        predictors,
        targets,
        firstTarget);
  }

  /** The values of the i-th row in an array with one value per target. */
  double[] ofRow(double[] perTarget, int i) {
    return Arrays.copyOfRange(perTarget, firstTarget[i], firstTarget[i + 1]);
  }

  long longestLength() {
    return width + 1L;
  }
}
