/** What an event must fulfil beyond its schema, the same for producers, workers and topology. */
@NullMarked
package io.urteil.contract;

import org.jspecify.annotations.NullMarked;
