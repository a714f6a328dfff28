package io.urteil.gateway.http;

import io.smallrye.common.annotation.Blocking;
import io.urteil.run.RunFile;
import io.urteil.run.judge.JudgeSection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/runs} and {@code /v1/judges}: what can be asked for. */
@Path("/v1")
@Tag(name = "Runs")
@Produces(MediaType.APPLICATION_JSON)
@SecurityRequirement(name = "key")
public final class RunsResource {

  /**
   * A published run.
   *
   * @param hash of its run file
   * @param samplesPerArm members of a group in each arm, as the run file sets; submissions may
   *     differ
   * @param samples how the contracts of single samples are judged: alone or by-prompt
   * @param deadlineMillis time after its first member after which a group closes
   */
  public record RunAnswer(
      String name,
      String hash,
      List<String> arms,
      int samplesPerArm,
      String samples,
      long deadlineMillis,
      List<JudgeAnswer> judges) {

    static RunAnswer of(RunFile run) {
      return new RunAnswer(
          run.run(),
          run.hash(),
          run.group().arms(),
          run.group().samplesPerArm(),
          run.gateway().samples().spelling(),
          run.group().deadline().toMillis(),
          RunsResource.judges(run).toList());
    }
  }

  /**
   * A judge of a run.
   *
   * @param type as in the run file
   * @param groupwise whether it judges the members of a group together
   */
  public record JudgeAnswer(String run, String name, String type, boolean groupwise) {

    static JudgeAnswer of(String run, String name, JudgeSection judge) {
      return new JudgeAnswer(run, name, judge.type(), judge.isGroupwise());
    }
  }

  /** All published runs, by name. */
  @GET
  @Path("/runs")
  @Blocking
  @Operation(summary = "The published runs")
  public List<RunAnswer> runs() {
    return all().map(RunAnswer::of).toList();
  }

  /** The judges of all published runs. */
  @GET
  @Path("/judges")
  @Blocking
  @Operation(summary = "The judges of the published runs")
  public List<JudgeAnswer> judges() {
    return all().flatMap(RunsResource::judges).toList();
  }

  private static Stream<RunFile> all() {
    return ServedGateway.get().runs().values().stream().sorted(Comparator.comparing(RunFile::run));
  }

  private static Stream<JudgeAnswer> judges(RunFile run) {
    return run.judges().entrySet().stream()
        .map(judge -> JudgeAnswer.of(run.run(), judge.getKey(), judge.getValue()));
  }
}
