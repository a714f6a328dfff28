/**
 * The section {@code judges} of a run file, one record for each type of judge. The judges
 * themselves are in the judge service.
 */
@NullMarked
package io.urteil.run.judge;

import org.jspecify.annotations.NullMarked;
