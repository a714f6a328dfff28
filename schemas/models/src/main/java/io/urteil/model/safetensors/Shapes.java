package io.urteil.model.safetensors;

/** Arithmetic over tensor shapes. */
public final class Shapes {

  private Shapes() {}

  /**
   * Number of elements of a shape; 1 for a scalar.
   *
   * @throws ArithmeticException if the product exceeds 64 bits or a dimension is negative
   */
  public static long elements(long[] shape) {
    long elements = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new ArithmeticException("negative dimension " + dimension);
      }
      elements = Math.multiplyExact(elements, dimension);
    }
    return elements;
  }
}
