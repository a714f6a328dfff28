/** Commands that start components or train: up, broker, run, demo, seed-judge. */
@NullMarked
package io.urteil.cli.service;

import org.jspecify.annotations.NullMarked;
