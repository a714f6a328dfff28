/**
 * Tournaments over any pairwise judge: who meets whom, and what the results come to as one number a
 * candidate. Pure, but for the referee that decides the matches.
 */
@NullMarked
package io.urteil.judges.tournament;

import org.jspecify.annotations.NullMarked;
