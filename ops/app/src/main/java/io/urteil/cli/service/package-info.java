/** Commands that start components: up, broker, run, demo. */
@NullMarked
package io.urteil.cli.service;

import org.jspecify.annotations.NullMarked;
