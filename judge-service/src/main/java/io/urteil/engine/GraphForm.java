package io.urteil.engine;

import io.urteil.engine.OnnxGraph.Element;

/**
 * How a model's graph is written down.
 *
 * @param element what weights, keys, values and activations are
 * @param top how many of the largest logits are put out for each row, with sums over blocks of
 *     tokens; 0 for the logits alone
 */
record GraphForm(Element element, int top) {

  /** For the processor, where all logits are at hand. */
  static final GraphForm HOST = new GraphForm(Element.FLOAT, 0);
}
