/** Scores files of model responses, through the same topics as training. */
@NullMarked
package io.urteil.local.score;

import org.jspecify.annotations.NullMarked;
