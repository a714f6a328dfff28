/** Reads and writes safetensors files. Uses model.file. */
@NullMarked
package io.urteil.model.safetensors;

import org.jspecify.annotations.NullMarked;
