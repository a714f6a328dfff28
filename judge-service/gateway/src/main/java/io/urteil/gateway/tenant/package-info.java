/**
 * Who may use a gateway, and how much of it: keys, allowed runs, rates, and the shares of open
 * groups. Without HTTP and without topics.
 */
@NullMarked
package io.urteil.gateway.tenant;

import org.jspecify.annotations.NullMarked;
