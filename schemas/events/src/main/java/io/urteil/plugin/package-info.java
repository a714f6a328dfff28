/** Finds and configures plug-ins: judges, reward rules, advantages and batch kinds. */
@NullMarked
package io.urteil.plugin;

import org.jspecify.annotations.NullMarked;
