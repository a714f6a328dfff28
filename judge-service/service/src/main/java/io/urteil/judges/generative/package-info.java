/**
 * Judges that ask a model: a prompt and candidates in, votes out, and what the votes come to. Pure
 * but for the model that is asked.
 */
@NullMarked
package io.urteil.judges.generative;

import org.jspecify.annotations.NullMarked;
