/**
 * Cohorts: samples that come one at a time and are judged together, because they have the same
 * prompt. {@code ops/docs/adr/0038-a-record-decides-who-is-in-a-cohort.md} has the reasons.
 */
@NullMarked
package io.urteil.gateway.cohort;

import org.jspecify.annotations.NullMarked;
