/** Models by name: {@code urteil models}, and the names that other commands accept. */
@NullMarked
package io.urteil.cli.models;

import org.jspecify.annotations.NullMarked;
