/** Commands that read what happened: audit, replay, dead-letters. */
@NullMarked
package io.urteil.cli.audit;

import org.jspecify.annotations.NullMarked;
