/**
 * The section {@code judges} of a run file: one record for each kind of judge. What carries them
 * out is in the judge service.
 */
@NullMarked
package io.urteil.run.judge;

import org.jspecify.annotations.NullMarked;
