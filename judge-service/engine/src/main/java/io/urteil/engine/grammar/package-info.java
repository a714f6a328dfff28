/**
 * What a completion's text may be and where it ends, token by token: grammars of verdicts (a
 * pattern over bytes, made deterministic, then read through a vocabulary so that each state knows
 * the tokens that may come) and stop texts. Knows vocabularies and no engine.
 */
@NullMarked
package io.urteil.engine.grammar;

import org.jspecify.annotations.NullMarked;
