/**
 * Agreement of two judges over the same rollouts: rejudge sessions over past runs, and shadow
 * judges.
 */
@NullMarked
package io.urteil.local.rejudge;

import org.jspecify.annotations.NullMarked;
