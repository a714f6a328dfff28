package io.urteil.model;

/** Arithmetic over tensor shapes. */
final class Shapes {

  private Shapes() {}

  /**
   * Number of elements of a shape; 1 for a scalar.
   *
   * @throws ArithmeticException if the product leaves 64 bits or a dimension is negative
   */
  static long elements(long[] shape) {
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
