package io.urteil.gateway;

/** Position of a member in its group. */
public record MemberSlot(String arm, int index) {}
