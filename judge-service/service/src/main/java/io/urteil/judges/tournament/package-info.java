/**
 * Tournaments: schedules of pairings and ratings computed from their outcomes. Pure except for the
 * referee that judges the pairings.
 */
@NullMarked
package io.urteil.judges.tournament;

import org.jspecify.annotations.NullMarked;
