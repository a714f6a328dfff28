/** A benchmark that kills processes under steady load and audits the resulting topics. */
@NullMarked
package io.urteil.bench.chaos;

import org.jspecify.annotations.NullMarked;
