package io.urteil.gateway.http;

import io.urteil.gateway.SubmittedMessage;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One group of {@code POST /v1/rewards}.
 *
 * @param id of the group; null for one of the gateway's
 * @param messages the prompt as chat messages; either these or {@code prompt}
 * @param prompt the prompt as one user message
 * @param reference expected answer
 * @param columns further values for judges and rules
 * @param size members in each arm; null for as many as are in the request
 * @param members the completions
 */
@Schema(description = "Completions of one prompt, judged and normalised together.")
public record GroupBody(
    @Schema(
            description =
                "Id of the group within the run; a repetition with the same content is the same"
                    + " group. Without it the gateway makes one.",
            maxLength = 1024,
            examples = "step-17/prompt-4")
        @Nullable String id,
    @Schema(description = "The prompt as chat messages; either this or prompt.")
        @Nullable List<SubmittedMessage> messages,
    @Schema(description = "The prompt as one user message.", examples = "What is 6 times 7?")
        @Nullable String prompt,
    @Schema(description = "The expected answer.", examples = "42") @Nullable String reference,
    @Schema(description = "Further values, by name, for judges and rules.")
        @Nullable Map<String, String> columns,
    @Schema(
            description =
                "Members in each arm, if more than in this request: the others may follow, and are"
                    + " reported as missing if they do not come before the deadline.",
            minimum = "1")
        @Nullable Integer size,
    @Schema(required = true, minItems = 1) @Nullable List<MemberBody> members) {}
