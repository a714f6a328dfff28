package io.urteil.gateway.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.smallrye.common.annotation.Blocking;
import io.urteil.event.OutcomeMember;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.http.ServedGateway;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * An environment of the Open Reward Standard for each run, which scores groups and has no tools. A
 * client that is disconnected resumes by its task id, at any gateway. A failed verdict fails the
 * group, and the session continues.
 */
@Path("/")
@Tag(name = "Open Reward Standard")
@Produces(MediaType.APPLICATION_JSON)
public final class OrsResource {

  static final String PATH = "/score_group";
  private static final Duration HOLD = Duration.ofMinutes(60);
  private static final Duration PING = Duration.ofSeconds(10);
  private static final int CHUNK = 4096;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OrsSessions SESSIONS = new OrsSessions();

  /** Opens a session. */
  @POST
  @Path("/create_session")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "ORS: open a session")
  public void createSession(@Context Sse sse, @Context SseEventSink events) {
    events.send(sse.newEvent("task_id", UUID.randomUUID().toString()));
    events.send(sse.newEvent("end", "")).thenRun(events::close);
  }

  /** Sets the task of a session. */
  @POST
  @Path("/create")
  @Operation(summary = "ORS: set the task of a session, {task_spec: {prompt, reference}}")
  public Map<String, String> create(
      @HeaderParam("X-Session-ID") @Nullable String session, @Nullable JsonNode request) {
    JsonNode task = PeerBody.object(request).path("task_spec");
    if (session == null || session.isBlank()) {
      throw PeerBody.invalid("X-Session-ID", null, "the id of the session");
    }
    SESSIONS.open(ServedGateway.get().scoped(session), task);
    return Map.of("sid", session);
  }

  /** Ends the task of a session. */
  @POST
  @Path("/delete")
  @Operation(summary = "ORS: end the task of a session")
  public Map<String, String> delete(@HeaderParam("X-Session-ID") @Nullable String session) {
    String id = session == null ? "" : session;
    SESSIONS.close(ServedGateway.get().scoped(id));
    return Map.of("sid", id);
  }

  /** Closes a session. */
  @POST
  @Path("/delete_session")
  @Operation(summary = "ORS: close a session")
  public Map<String, String> deleteSession(@HeaderParam("X-Session-ID") @Nullable String session) {
    return delete(session);
  }

  /** Keeps a session. */
  @POST
  @Path("/ping")
  @Operation(summary = "ORS: keep a session")
  public Map<String, String> ping(@HeaderParam("X-Session-ID") @Nullable String session) {
    return Map.of("status", "ok");
  }

  /** The runs. */
  @GET
  @Path("/list_environments")
  @Blocking
  @Operation(summary = "ORS: the environments, one for each run")
  public List<String> environments() {
    return ServedGateway.get().runs().keySet().stream().sorted().toList();
  }

  /** What the environment can do. */
  @GET
  @Path("/task_tools")
  @Operation(summary = "ORS: what the environment can do: no tools, score_group")
  public Map<String, Object> tools() {
    return Map.of(
        "tools", List.of(),
        "supports_score_group", true,
        "message_block_types", List.of("text"));
  }

  /** What the environment can do. */
  @GET
  @Path("/{run}/task_tools")
  @Operation(summary = "ORS: what the environment of a run can do")
  public Map<String, Object> tools(@PathParam("run") String run) {
    return tools();
  }

  /** Scores a group of the run that the deployment names. */
  @POST
  @Path("/score_group")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Blocking
  @Operation(summary = "ORS: score a group; the run is the deployment")
  public void score(
      @BeanParam PeerCall.Parameters parameters,
      @HeaderParam("X-Deployment") @Nullable String deployment,
      @HeaderParam("X-Session-ID") @Nullable String session,
      @Context Sse sse,
      @Context SseEventSink events,
      @Nullable JsonNode request) {
    score(parameters.call().ofModel(deployment), session, sse, events, request);
  }

  /** Scores a group of this run. */
  @POST
  @Path("/{run}/score_group")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Blocking
  @Operation(summary = "ORS: score a group of a run")
  public void scoreRun(
      @BeanParam PeerCall.Parameters parameters,
      @PathParam("run") String run,
      @HeaderParam("X-Session-ID") @Nullable String session,
      @Context Sse sse,
      @Context SseEventSink events,
      @Nullable JsonNode request) {
    PeerCall call = parameters.call();
    score(new PeerCall(run, call.step(), call.key()), session, sse, events, request);
  }

  private static void score(
      PeerCall call,
      @Nullable String session,
      Sse sse,
      SseEventSink events,
      @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    JsonNode task =
        session == null
            ? MissingNode.getInstance()
            : SESSIONS.task(ServedGateway.get().scoped(session)).orElse(MissingNode.getInstance());
    PeerGroup group = OrsGroup.read(body, task);
    String id =
        body.path("task_id").isTextual()
            ? body.path("task_id").asText()
            : PeerGroups.id(PATH, call, group, 0);
    CompletableFuture<Reply> reply =
        PeerGroups.<Reply>together(PATH, call, group.named(id), HOLD, answer -> answer)
            .toCompletableFuture();
    if (reply.isDone() && reply.join() instanceof Reply.Refused(var refusal)) {
      throw new RefusedException(refusal);
    }
    events.send(sse.newEvent("task_id", id));
    ping(sse, events, reply);
    reply.whenComplete((answer, failure) -> end(sse, events, answer, failure));
  }

  /** A comment from time to time: the client reads nothing for 30 s at most. */
  private static void ping(Sse sse, SseEventSink events, CompletableFuture<Reply> reply) {
    CompletableFuture.delayedExecutor(PING.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!reply.isDone() && !events.isClosed()) {
                events.send(sse.newEventBuilder().comment("ping").build());
                ping(sse, events, reply);
              }
            });
  }

  private static void end(
      Sse sse, SseEventSink events, @Nullable Reply reply, @Nullable Throwable failure) {
    CompletionStage<?> last =
        switch (reply) {
          case null -> error(sse, events, "the gateway failed: " + failure);
          case Reply.Scored(var members) -> scores(sse, events, members);
          case Reply.Failed(String reason) -> error(sse, events, reason);
          case Reply.Pending pending -> error(sse, events, "the group is still open");
          case Reply.Refused(var refusal) -> error(sse, events, refusal.message());
        };
    last.whenComplete((sent, lost) -> events.close());
  }

  private static CompletionStage<?> error(Sse sse, SseEventSink events, String message) {
    return events.send(sse.newEvent("error", message.replaceAll("\\R", " ")));
  }

  private static CompletionStage<?> scores(
      Sse sse, SseEventSink events, List<OutcomeMember> members) {
    List<Map<String, Object>> scores =
        members.stream()
            .map(member -> Map.<String, Object>of("reward", member.getReward()))
            .toList();
    String json;
    try {
      json = JSON.writeValueAsString(Map.of("scores", scores));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers cannot be written", e);
    }
    int at = 0;
    while (json.length() - at > CHUNK) {
      events.send(sse.newEvent("chunk", json.substring(at, at + CHUNK)));
      at += CHUNK;
    }
    return events.send(sse.newEvent("end", json.substring(at)));
  }
}
