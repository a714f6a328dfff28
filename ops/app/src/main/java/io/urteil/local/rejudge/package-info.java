/**
 * Two judges over the same rollouts: how far they agree, for a judge that is asked afterwards and
 * for one that looks on in the shadow.
 */
@NullMarked
package io.urteil.local.rejudge;

import org.jspecify.annotations.NullMarked;
