package io.urteil.gateway.http;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/rewards}.
 *
 * @param run name of the run whose judges and rule apply
 * @param groups one to a thousand
 */
@Schema(description = "Groups of completions to be judged.")
public record RewardsRequest(
    @Schema(required = true, description = "Name of a published run.", examples = "gsm8k-answers")
        @Nullable String run,
    @Schema(required = true, minItems = 1, maxItems = 1000) @Nullable List<GroupBody> groups) {}
