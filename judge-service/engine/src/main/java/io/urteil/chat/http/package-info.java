/** What HTTP clients of servers share. */
@NullMarked
package io.urteil.chat.http;

import org.jspecify.annotations.NullMarked;
