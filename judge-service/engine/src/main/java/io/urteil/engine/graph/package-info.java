/** Writes a Hugging Face decoder as an ONNX graph. May use no other package of the engine. */
@NullMarked
package io.urteil.engine.graph;

import org.jspecify.annotations.NullMarked;
