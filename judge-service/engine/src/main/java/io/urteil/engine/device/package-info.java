/**
 * What ONNX Runtime's C interface has and its Java interface lacks: bindings, and tensors in the
 * memory of a device. By {@code java.lang.foreign}, beside the official environment and sessions.
 */
@NullMarked
package io.urteil.engine.device;

import org.jspecify.annotations.NullMarked;
