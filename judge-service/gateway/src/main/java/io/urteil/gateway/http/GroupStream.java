package io.urteil.gateway.http;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.urteil.event.GroupOutcome;
import io.urteil.gateway.GroupName;
import io.urteil.gateway.GroupWatcher;
import io.urteil.run.RunFile;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/groups/{id}} as server-sent events. */
@Path("/v1")
@Tag(name = "Rewards")
public final class GroupStream {

  private static final Duration COMMENT = Duration.ofSeconds(10);

  /**
   * A judgement of a member.
   *
   * @param status scored, abstained, unparseable, failed or timed_out
   * @param reason why there is no verdict; null if there is one
   */
  public record JudgedMember(
      String arm, int index, String judge, String status, @Nullable String reason) {}

  /** The judgements of a group as they come, then its outcome. */
  @GET
  @Path("/groups/{id:.+}")
  @Blocking
  // A client that accepts anything gets JSON.
  @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.5")
  @Operation(
      summary = "Judgements and rewards of a group as they come",
      description =
          "An event 'member' for each judgement and 'closed' at the end. Last-Event-ID resumes, on any"
              + " gateway. A comment every ten seconds keeps the connection open.")
  public Multi<OutboundSseEvent> stream(
      @PathParam("id") String id,
      @QueryParam("run") @Nullable String run,
      @Parameter(description = "Id of the last event that was received.")
          @HeaderParam("Last-Event-ID")
          @Nullable String lastEventId,
      @Context Sse sse) {
    TenantGateway gateway = ServedGateway.get();
    GroupName name = RewardsResource.find(gateway, run, id);
    long after = position(lastEventId);
    Multi<OutboundSseEvent> comments =
        Multi.createFrom()
            .ticks()
            .every(COMMENT)
            .onOverflow()
            .drop()
            .map(tick -> sse.newEventBuilder().comment("waiting").build());
    Multi<OutboundSseEvent> events =
        Multi.createFrom().emitter(emitter -> emit(gateway, name, after, sse, emitter));
    return Multi.createBy()
        .merging()
        .streams(events, comments)
        .select()
        .first(event -> !isEnd(event));
  }

  private static boolean isEnd(OutboundSseEvent event) {
    return "end".equals(event.getName());
  }

  private static void emit(
      TenantGateway gateway,
      GroupName name,
      long after,
      Sse sse,
      MultiEmitter<? super OutboundSseEvent> emitter) {
    Runnable stop =
        gateway.watch(
            name,
            after,
            new GroupWatcher() {
              @Override
              public void judged(
                  long position,
                  String arm,
                  int index,
                  String judge,
                  String status,
                  @Nullable String error) {
                emitter.emit(
                    sse.newEventBuilder()
                        .id(Long.toString(position))
                        .name("member")
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(
                            JudgedMember.class,
                            new JudgedMember(
                                arm, index, judge, status.toLowerCase(Locale.ROOT), error))
                        .build());
              }

              @Override
              public void closed(GroupOutcome outcome) {
                emitter.emit(
                    sse.newEventBuilder()
                        .name("closed")
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(
                            GroupAnswer.class,
                            GroupAnswer.closed(
                                outcome,
                                gateway.run(name.run()).map(RunFile::advantage).orElse(null)))
                        .build());
                emitter.emit(sse.newEventBuilder().name("end").data("").build());
                emitter.complete();
              }
            });
    emitter.onTermination(stop);
  }

  private static long position(@Nullable String lastEventId) {
    try {
      return lastEventId == null ? -1 : Long.parseLong(lastEventId);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
