/**
 * The inference engine on ONNX Runtime: the entry point to the packages below it (scheduling,
 * sampling, runtime, graph, device).
 */
@NullMarked
package io.urteil.engine.onnx;

import org.jspecify.annotations.NullMarked;
