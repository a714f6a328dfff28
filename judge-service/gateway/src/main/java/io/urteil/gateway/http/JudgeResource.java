package io.urteil.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import io.urteil.event.Judgement;
import io.urteil.gateway.GroupName;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.Submission;
import io.urteil.gateway.SubmittedMessage;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/judge}: one answer, or two to be compared, with all judgements. */
@Path("/v1/judge")
@Tag(name = "Judge")
@Produces(MediaType.APPLICATION_JSON)
@APIResponse(
    responseCode = "4XX",
    description = Problem.STATUSES,
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@SecurityRequirement(name = "key")
public final class JudgeResource {

  /**
   * @param run name of the run
   * @param messages the prompt as chat messages; either these or {@code prompt}
   * @param answers one, or several for judges that compare
   */
  @Schema(description = "One answer to be judged, or several to be compared.")
  public record JudgeRequest(
      @Schema(required = true) @Nullable String run,
      @Nullable List<SubmittedMessage> messages,
      @Schema(examples = "What is 6 times 7?") @Nullable String prompt,
      @Schema(required = true, minItems = 1) @Nullable List<String> answers,
      @Nullable String reference,
      @Nullable Map<String, String> columns) {}

  /**
   * @param group rewards of the answers
   * @param judgements all judgements, with the texts of the judges
   */
  public record JudgeResult(GroupAnswer group, List<JudgementAnswer> judgements) {}

  /**
   * One judge's judgement of one answer.
   *
   * @param status scored, abstained, unparseable, failed or timed_out
   * @param text what the judge wrote; null if it writes nothing
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record JudgementAnswer(
      int index,
      String judge,
      String status,
      MemberAnswer.@Nullable VerdictAnswer verdict,
      @Nullable String text,
      @Nullable String error,
      long latencyMillis) {

    static JudgementAnswer of(Judgement judgement) {
      return new JudgementAnswer(
          judgement.getIndex(),
          judgement.getJudge(),
          judgement.getStatus().name().toLowerCase(Locale.ROOT),
          MemberAnswer.VerdictAnswer.of(judgement.getVerdict()),
          judgement.getText(),
          judgement.getError(),
          judgement.getLatencyMillis());
    }
  }

  /** Judges and waits. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking
  @Operation(summary = "Judge one answer, or compare several, and see all judgements")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = JudgeResult.class)))
  @APIResponse(
      responseCode = "202",
      description = "Not judged in time; see Location.",
      content = @Content(schema = @Schema(implementation = GroupAnswer.class)))
  public CompletionStage<Response> judge(
      @HeaderParam("Prefer") @Nullable String prefer, @Nullable JudgeRequest body) {
    TenantGateway gateway = ServedGateway.get();
    List<Submission> submissions = SubmissionReader.read(asGroup(body), null);
    GroupName name = submissions.getFirst().name();
    return gateway
        .submit(submissions)
        .thenCompose(
            published -> RewardsResource.outcomes(gateway, List.of(name), gateway.hold(prefer)))
        .thenCompose(groups -> result(gateway, name, groups.getFirst()))
        .exceptionally(ErrorResponses::of);
  }

  /** As a group whose members are the answers. */
  private static RewardsRequest asGroup(@Nullable JudgeRequest body) {
    if (body == null || body.answers() == null || body.answers().isEmpty()) {
      throw new RefusedException(new Refusal.Invalid("answers: empty (expected: at least one)"));
    }
    List<MemberBody> members = new ArrayList<>();
    for (String answer : body.answers()) {
      if (answer == null) {
        throw new RefusedException(
            new Refusal.Invalid("answers[%d]: null (expected: a text)".formatted(members.size())));
      }
      members.add(new MemberBody(null, null, answer, null, null, null, null, null));
    }
    return new RewardsRequest(
        body.run(),
        List.of(
            new GroupBody(
                null,
                body.messages(),
                body.prompt(),
                body.reference(),
                body.columns(),
                null,
                members)));
  }

  private static CompletableFuture<Response> result(
      TenantGateway gateway, GroupName name, GroupAnswer group) {
    return group.isOpen()
        ? CompletableFuture.completedFuture(RewardsResource.response(gateway, group))
        : gateway
            .judgements(name)
            .thenApply(
                found ->
                    Response.ok(
                            new JudgeResult(
                                group, found.stream().map(JudgementAnswer::of).toList()))
                        .build());
  }
}
