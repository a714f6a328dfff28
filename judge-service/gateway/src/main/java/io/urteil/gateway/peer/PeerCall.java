package io.urteil.gateway.peer;

import io.urteil.run.RunFile;
import io.urteil.run.judge.JudgeSection;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/**
 * What every contract takes beside its body. Most clients can set nothing but the URL.
 *
 * @param run name of the run; null for the only run of the gateway
 * @param step of the trainer: equal texts of different steps are judged separately
 * @param key of idempotency; null for the content of the request
 */
public record PeerCall(@Nullable String run, @Nullable String step, @Nullable String key) {

  /** Whether a run judges members only together. */
  static boolean needsGroups(RunFile run) {
    return run.judges().values().stream().anyMatch(JudgeSection::isGroupwise);
  }

  PeerCall ofModel(@Nullable String model) {
    String named = model == null ? "" : model.replaceFirst("^urteil[:/]", "");
    return run != null || named.isEmpty() || named.equals("urteil")
        ? this
        : new PeerCall(named, step, key);
  }

  /** The parameters of a request. */
  public static final class Parameters {
    @QueryParam("run")
    @Nullable String run;

    @QueryParam("step")
    @Nullable String step;

    @HeaderParam("Idempotency-Key")
    @Nullable String key;

    PeerCall call() {
      return new PeerCall(run, step, key);
    }
  }
}
