/**
 * The judge servers that the operator of a process declares, and the URLs that run files may use.
 */
@NullMarked
package io.urteil.chat.server;

import org.jspecify.annotations.NullMarked;
