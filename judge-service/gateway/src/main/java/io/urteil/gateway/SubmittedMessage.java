package io.urteil.gateway;

/**
 * One chat message.
 *
 * @param role system, user, assistant or tool
 * @param content the text
 */
public record SubmittedMessage(String role, String content) {}
