package io.urteil.engine.graph;

import io.urteil.engine.WeightPrecision;
import io.urteil.engine.graph.OnnxGraph.Element;

/**
 * A variant of a model's graph.
 *
 * @param element type of weights and activations
 * @param cache type of keys and values, in which attention is computed
 * @param top number of the largest logits that are output for each row, with sums over blocks of
 *     tokens; 0 for the logits alone
 * @param weights number format of the matrices, which may differ from all other tensors
 * @param accuracyLevel of products with quantised matrices, as MatMulNBits counts them
 */
public record GraphVariant(
    Element element, Element cache, int top, WeightPrecision weights, int accuracyLevel) {

  /**
   * The other factor is quantised to eight-bit integers too, in the same blocks, so that products
   * are sums of integers, as with ggml's Q8_0.
   */
  public static final int INTEGER_PRODUCTS = 4;

  /** The other factor is unchanged: exact, and much slower. */
  public static final int FLOAT_PRODUCTS = 1;

  /** For the processor, which has access to all logits. */
  static final GraphVariant HOST = new GraphVariant(Element.FLOAT, 0);

  /** With weights, keys and values of the element type. */
  public GraphVariant(Element element, int top) {
    this(element, element, top, WeightPrecision.F32, INTEGER_PRODUCTS);
  }

  /** For the processor, with these types of keys, values and weights. */
  public static GraphVariant host(Element cache, WeightPrecision weights, int accuracyLevel) {
    return new GraphVariant(Element.FLOAT, cache, 0, weights, accuracyLevel);
  }
}
