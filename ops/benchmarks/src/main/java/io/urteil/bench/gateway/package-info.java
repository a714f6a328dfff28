/** What the gateway adds to a judge's own time: {@code urteil bench gateway}. */
@NullMarked
package io.urteil.bench.gateway;

import org.jspecify.annotations.NullMarked;
