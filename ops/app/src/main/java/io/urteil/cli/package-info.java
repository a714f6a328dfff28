/**
 * The command {@code urteil}: options, help, exit codes and error messages. Only commands that run
 * until stopped start Quarkus, and only if they serve health and metrics over HTTP.
 */
@NullMarked
package io.urteil.cli;

import org.jspecify.annotations.NullMarked;
