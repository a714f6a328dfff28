package io.urteil.local.train;

/**
 * One held-out prompt with the responses of two versions.
 *
 * @param prompt the text of the prompt
 * @param reference the correct verdict or answer; empty without one
 * @param right whether the last version's response is right
 * @param before response of version 0
 * @param after response of the last version to the same prompt
 */
public record HeldOutExample(
    String prompt, String reference, boolean right, String before, String after) {}
