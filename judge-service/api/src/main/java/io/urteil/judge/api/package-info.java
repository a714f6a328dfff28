/**
 * The contract of a judge: what the author of one implements. Uses events and run-file settings
 * only.
 */
@NullMarked
package io.urteil.judge.api;

import org.jspecify.annotations.NullMarked;
