/**
 * Calls of judges: on platform threads, within their concurrency and time limit, with retries, and
 * held while a server does not respond.
 */
@NullMarked
package io.urteil.worker.call;

import org.jspecify.annotations.NullMarked;
