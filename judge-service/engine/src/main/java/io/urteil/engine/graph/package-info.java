/** Writes a Hugging Face decoder as an ONNX graph. Uses no other room of the engine. */
@NullMarked
package io.urteil.engine.graph;

import org.jspecify.annotations.NullMarked;
