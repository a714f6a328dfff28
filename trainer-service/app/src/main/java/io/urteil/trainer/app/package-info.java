/** The trainer service as a Quarkus application: its configuration and its components. */
@NullMarked
package io.urteil.trainer.app;

import org.jspecify.annotations.NullMarked;
