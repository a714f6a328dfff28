package io.urteil.engine.graph;

import io.urteil.engine.WeightPrecision;
import io.urteil.engine.graph.OnnxGraph.Element;

/**
 * How a model's graph is written down.
 *
 * @param element what weights, keys, values and activations are
 * @param top how many of the largest logits are put out for each row, with sums over blocks of
 *     tokens; 0 for the logits alone
 * @param weights what matrices are, which may differ from everything else
 * @param accuracyLevel of products with quantised matrices, as MatMulNBits counts them
 */
public record GraphVariant(Element element, int top, WeightPrecision weights, int accuracyLevel) {

  /**
   * The other factor is made eight-bit integers too, block by block as the weights are, so that
   * products are sums of integers, as with ggml's Q8_0.
   */
  public static final int INTEGER_PRODUCTS = 4;

  /** The other factor stays as it is: exact, and much slower. */
  public static final int FLOAT_PRODUCTS = 1;

  /** For the processor, where all logits are at hand. */
  static final GraphVariant HOST = new GraphVariant(Element.FLOAT, 0);

  /** With weights of the element type. */
  public GraphVariant(Element element, int top) {
    this(element, top, WeightPrecision.F32, INTEGER_PRODUCTS);
  }

  /** For the processor, with weights of a precision. */
  public static GraphVariant host(WeightPrecision weights, int accuracyLevel) {
    return new GraphVariant(Element.FLOAT, 0, weights, accuracyLevel);
  }
}
