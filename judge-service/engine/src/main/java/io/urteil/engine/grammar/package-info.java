/**
 * Constraints on the text and the end of a completion, token by token: grammars of verdicts (a
 * pattern over bytes, made deterministic, then matched against a vocabulary so that each state
 * knows its allowed tokens) and stop texts. Uses vocabularies, not the engine.
 */
@NullMarked
package io.urteil.engine.grammar;

import org.jspecify.annotations.NullMarked;
