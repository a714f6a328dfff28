package io.urteil.gateway.http;

import io.smallrye.common.annotation.Blocking;
import io.urteil.event.GroupOutcome;
import io.urteil.gateway.GroupName;
import io.urteil.gateway.GroupProgress;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.Submission;
import io.urteil.run.RunFile;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/rewards} and {@code /v1/groups}. A waiting request holds no thread. */
@Path("/v1")
@Tag(name = "Rewards")
@Produces(MediaType.APPLICATION_JSON)
@APIResponse(
    responseCode = "4XX",
    description = Problem.STATUSES,
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@SecurityScheme(
    securitySchemeName = "key",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description = "The key of a tenant; unused if the gateway has no keys.")
@SecurityRequirement(name = "key")
public final class RewardsResource {

  private static final int ACCEPTED = 202;

  /** Submits groups and waits for their outcomes. */
  @POST
  @Path("/rewards")
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking
  @Operation(
      summary = "Submit groups of completions, and wait for their rewards",
      description =
          "Each group is judged once, however often and to whichever gateway it is submitted: by its id,"
              + " or by the Idempotency-Key and its position.")
  @APIResponse(
      responseCode = "200",
      description = "All groups are closed.",
      content = @Content(schema = @Schema(implementation = RewardsAnswer.class)))
  @APIResponse(
      responseCode = "202",
      description = "Some groups are open; Location is that of the first.",
      content = @Content(schema = @Schema(implementation = RewardsAnswer.class)))
  public CompletionStage<Response> rewards(
      @Parameter(description = "Makes a repetition without ids the same request.")
          @HeaderParam("Idempotency-Key")
          @Nullable String key,
      @Parameter(description = "wait=SECONDS: how long to hold the request open (default 30).")
          @HeaderParam("Prefer")
          @Nullable String prefer,
      @Nullable RewardsRequest body) {
    TenantGateway gateway = ServedGateway.get();
    List<Submission> submissions = SubmissionReader.read(body, key);
    Duration hold = gateway.hold(prefer);
    List<GroupName> names = submissions.stream().map(Submission::name).toList();
    return gateway
        .submit(submissions)
        .thenCompose(published -> outcomes(gateway, names, hold))
        .handle(
            (groups, failure) ->
                failure == null ? response(gateway, groups) : ErrorResponses.of(failure));
  }

  /** The state of a group. */
  @GET
  @Path("/groups/{id:.+}")
  @Blocking
  @Operation(
      summary = "State and rewards of a group",
      description = "Waits up to the preferred time for an open group to close.")
  @APIResponse(
      responseCode = "200",
      description = "The group is closed.",
      content = @Content(schema = @Schema(implementation = GroupAnswer.class)))
  @APIResponse(
      responseCode = "202",
      description = "The group is open.",
      content = @Content(schema = @Schema(implementation = GroupAnswer.class)))
  public CompletionStage<Response> group(
      @PathParam("id") String id,
      @Parameter(description = "The run, if several runs have a group of this id.")
          @QueryParam("run")
          @Nullable String run,
      @Parameter(description = "wait=SECONDS: how long to wait for the outcome (default 30).")
          @HeaderParam("Prefer")
          @Nullable String prefer) {
    TenantGateway gateway = ServedGateway.get();
    GroupName name = find(gateway, run, id);
    return outcomes(gateway, List.of(name), gateway.hold(prefer))
        .handle(
            (groups, failure) ->
                failure == null
                    ? response(gateway, groups.getFirst())
                    : ErrorResponses.of(failure));
  }

  /** Cancels a group. */
  @DELETE
  @Path("/groups/{id:.+}")
  @Blocking
  @Operation(
      summary = "Cancel an open group",
      description = "What judges have not begun is not judged, and its members have no reward.")
  @APIResponse(responseCode = "202", description = "Cancelled, unless it has closed before.")
  public CompletionStage<Response> cancel(
      @PathParam("id") String id, @QueryParam("run") @Nullable String run) {
    TenantGateway gateway = ServedGateway.get();
    GroupName name = find(gateway, run, id);
    return gateway
        .cancel(name)
        .handle(
            (published, failure) ->
                failure == null ? Response.status(ACCEPTED).build() : ErrorResponses.of(failure));
  }

  /**
   * The group of this id.
   *
   * @throws RefusedException if there is none, or more than one
   */
  static GroupName find(TenantGateway gateway, @Nullable String run, String id) {
    List<GroupName> named =
        gateway.named(id).stream().filter(name -> run == null || name.run().equals(run)).toList();
    if (named.isEmpty()) {
      throw new RefusedException(
          new Refusal.Unknown(
              "group: '%s' (expected: a group that was submitted to the gateway)".formatted(id)));
    }
    if (named.size() > 1) {
      throw new RefusedException(
          new Refusal.Invalid(
              "run: missing (expected: one of %s, which have a group '%s')"
                  .formatted(named.stream().map(GroupName::run).sorted().toList(), id)));
    }
    return named.getFirst();
  }

  /** The groups, closed or open, when all are closed or the time is over. */
  static CompletableFuture<List<GroupAnswer>> outcomes(
      TenantGateway gateway, List<GroupName> names, Duration hold) {
    return gateway
        .outcomes(names, hold)
        .thenApply(
            closed -> names.stream().map(name -> answer(gateway, name, closed.get(name))).toList());
  }

  private static GroupAnswer answer(
      TenantGateway gateway, GroupName name, @Nullable GroupOutcome outcome) {
    if (outcome != null) {
      return GroupAnswer.closed(
          outcome, gateway.run(name.run()).map(RunFile::advantage).orElse(null));
    }
    return GroupAnswer.open(gateway.progress(name).orElseGet(() -> GroupProgress.unknown(name)));
  }

  private static Response response(TenantGateway gateway, List<GroupAnswer> groups) {
    return groups.stream()
        .filter(GroupAnswer::isOpen)
        .findFirst()
        .map(open -> accepted(gateway, open))
        .orElseGet(Response::ok)
        .entity(new RewardsAnswer(groups))
        .build();
  }

  static Response response(TenantGateway gateway, GroupAnswer group) {
    return (group.isOpen() ? accepted(gateway, group) : Response.ok()).entity(group).build();
  }

  private static Response.ResponseBuilder accepted(TenantGateway gateway, GroupAnswer open) {
    // Not by location(): that looks for the request, which this thread does not have.
    return Response.status(ACCEPTED)
        .header(HttpHeaders.LOCATION, gateway.location(open.run(), open.id()))
        .header(HttpHeaders.RETRY_AFTER, 1);
  }
}
