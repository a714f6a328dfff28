package io.urteil.trainer.policy;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rotary position embedding (RoFormer, Su et al. 2021) in the half-rotation form of Hugging Face:
 * {@code x cos + rotateHalf(x) sin}, angle {@code t f_j} for frequencies f_j, j below d/2, repeated
 * for the second half. The table grows to the longest sequence seen.
 */
final class RotaryTable implements AutoCloseable {

  private static final int SMALLEST = 128;

  private final int headDimension;
  private final double[] frequencies;
  private final ScalarType type;
  private int length;
  private Tensor cosine;
  private Tensor sine;

  RotaryTable(double[] frequencies, ScalarType type) {
    this.headDimension = 2 * frequencies.length;
    this.frequencies = frequencies.clone();
    this.type = type;
    this.length = SMALLEST;
    this.cosine = table(SMALLEST, true);
    this.sine = table(SMALLEST, false);
  }

  /** The table for positions 0 to {@code positions - 1}; views in the caller's scope. */
  Rotation upTo(long positions) {
    if (positions > length) {
      close();
      length = Math.toIntExact(Math.max(positions, 2L * length));
      cosine = table(length, true);
      sine = table(length, false);
    }
    return new Rotation(cosine.narrow(0, 0, positions), sine.narrow(0, 0, positions));
  }

  @Override
  public void close() {
    cosine.releaseReference();
    sine.releaseReference();
  }

  private Tensor table(int positions, boolean cosines) {
    int half = headDimension / 2;
    double[] values = new double[positions * headDimension];
    for (int j = 0; j < half; j++) {
      double frequency = frequencies[j];
      for (int t = 0; t < positions; t++) {
        double angle = t * frequency;
        double value = cosines ? Math.cos(angle) : Math.sin(angle);
        values[t * headDimension + j] = value;
        values[t * headDimension + j + half] = value;
      }
    }
    try (PointerScope scope = new PointerScope()) {
      return Tensors.keep(Tensor.create(values, positions, headDimension).to(type));
    }
  }

  /** Cosines and sines, each {@code [positions, headDimension]}. */
  record Rotation(Tensor cosine, Tensor sine) {

    /** Rotates {@code [batch, heads, positions, headDimension]}. */
    Tensor apply(Tensor x) {
      long half = x.size(3) / 2;
      Tensor rotated =
          torch.cat(new TensorVector(x.narrow(3, half, half).neg(), x.narrow(3, 0, half)), -1);
      return x.mul(cosine).add(rotated.mul(sine));
    }
  }
}
