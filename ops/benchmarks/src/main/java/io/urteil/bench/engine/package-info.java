/** Benchmarks of the inference engine, relative to hardware limits and llama.cpp. */
@NullMarked
package io.urteil.bench.engine;

import org.jspecify.annotations.NullMarked;
