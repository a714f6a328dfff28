/** Commands about judges: judge, score, evaluate, probe, rejudge, shadow. */
@NullMarked
package io.urteil.cli.judging;

import org.jspecify.annotations.NullMarked;
