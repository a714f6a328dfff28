/** Commands over the topics of past runs: audit, replay, dead-letters. */
@NullMarked
package io.urteil.cli.audit;

import org.jspecify.annotations.NullMarked;
