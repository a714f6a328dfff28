package io.urteil.gateway.http;

import io.urteil.gateway.SubmittedMessage;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One member of a group.
 *
 * @param arm prompt variant; null for the first arm of the run
 * @param index position in the arm; null for the position in the request
 * @param text the completion; either this or {@code messages}
 * @param messages the completion as messages, the last one by the assistant
 * @param tokenIds tokens of the completion
 * @param logprobs log-probability of each token
 * @param finishReason stop, length, tool_call or aborted
 * @param policyVersion version of the weights that sampled it
 */
@Schema(description = "One completion.")
public record MemberBody(
    @Schema(description = "Prompt variant; by default the run's first.", maxLength = 128)
        @Nullable String arm,
    @Schema(description = "Position in its arm, from 0; by default its position in the request.")
        @Nullable Integer index,
    @Schema(description = "The completion.", examples = "The answer is 42.") @Nullable String text,
    @Schema(description = "The completion as messages, the last one by the assistant.")
        @Nullable List<SubmittedMessage> messages,
    @Schema(description = "Tokens of the completion, if known.") @Nullable List<Integer> tokenIds,
    @Schema(description = "Natural log-probability of each token when it was sampled.")
        @Nullable List<Double> logprobs,
    @Schema(enumeration = {"stop", "length", "tool_call", "aborted"}) @Nullable String finishReason,
    @Schema(description = "Version of the weights that sampled the completion.", minimum = "0")
        @Nullable Long policyVersion) {}
