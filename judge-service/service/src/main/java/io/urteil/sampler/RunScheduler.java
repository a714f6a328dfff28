package io.urteil.sampler;

import io.urteil.run.RunFile;
import io.urteil.sampler.queue.PendingPrompt;
import io.urteil.sampler.queue.WaitingPrompts;
import java.util.Optional;

/**
 * The sampling state of one run: its versions, its progress and its waiting prompts. Used by the
 * sampling thread only.
 */
final class RunScheduler {

  /** The decision about a prompt. */
  sealed interface Decision {

    /** Admission requires a version that is not published yet. */
    record Deferred() implements Decision {}

    /** The version is being opened. */
    record Opening() implements Decision {}

    /** Sample from this version. */
    record Ready(OpenPolicy policy) implements Decision {}

    /** The only admissible version is unavailable. */
    record Rejected(String reason) implements Decision {}
  }

  final RunFile run;
  final RunVersions versions;
  final PolicyCache cache;
  final WaitingPrompts waiting = new WaitingPrompts();
  RunProgress progress = RunProgress.NONE;
  boolean isLoading;
  int sampling;
  int shownWaiting;
  int shownSampling;

  RunScheduler(RunFile run, RunVersions versions, PolicyCache cache) {
    this.run = run;
    this.versions = versions;
    this.cache = cache;
  }

  /** Decides whether and from which version to sample; starts to open that version. */
  Decision decide(PendingPrompt pending) {
    Long newest = versions.newest().map(PolicyVersion::number).orElse(null);
    return switch (Admission.decide(run, pending.prompt(), newest, progress)) {
      case Admission.Decision.Hold hold -> new Decision.Deferred();
      case Admission.Decision.Newest any ->
          newestUsable().map(this::decision).orElseGet(Decision.Deferred::new);
      case Admission.Decision.Exactly(long number) ->
          versions
              .find(number)
              .map(this::decision)
              .orElseGet(
                  () ->
                      new Decision.Rejected(
                          "policy version %d (expected: a published version)".formatted(number)));
    };
  }

  /**
   * The newest version that is open or being opened; empty without one. If a checkpoint is damaged,
   * the version before it stays in use.
   */
  Optional<PolicyVersion> newestUsable() {
    Optional<PolicyVersion> version = versions.newest();
    while (version.isPresent()
        && cache.stateOf(version.get()) instanceof PolicyCache.Entry.Rejected) {
      version = versions.before(version.get().number());
    }
    return version;
  }

  private Decision decision(PolicyVersion version) {
    return switch (cache.stateOf(version)) {
      case PolicyCache.Entry.Opening opening -> new Decision.Opening();
      case PolicyCache.Entry.Open(OpenPolicy policy) -> new Decision.Ready(policy);
      case PolicyCache.Entry.Rejected(String reason) -> new Decision.Rejected(reason);
    };
  }
}
