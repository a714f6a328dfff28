package io.urteil.gateway.http;

import java.util.List;

/**
 * The answer to {@code POST /v1/rewards}.
 *
 * @param groups in the order of the request
 */
public record RewardsAnswer(List<GroupAnswer> groups) {}
