/** Judgements a minute of the service by its defaults, and with llama.cpp's server in its place. */
@NullMarked
package io.urteil.bench.judging;

import org.jspecify.annotations.NullMarked;
