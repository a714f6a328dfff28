/** The judge service as a Quarkus application: its configuration and its components. */
@NullMarked
package io.urteil.judge.app;

import org.jspecify.annotations.NullMarked;
