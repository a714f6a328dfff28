/**
 * Features of ONNX Runtime's C interface that its Java interface lacks: bindings, and tensors in
 * the memory of a device. Uses {@code java.lang.foreign} beside the official environment and
 * sessions.
 */
@NullMarked
package io.urteil.engine.device;

import org.jspecify.annotations.NullMarked;
