package io.urteil.sampler;

import io.urteil.run.RunFile;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the sampling thread knows of one run: its versions, its progress, and the prompts that wait.
 */
final class RunScheduler {

  /** What is to be done with a prompt now. */
  sealed interface Turn {

    /** Admission holds it. */
    record Held() implements Turn {}

    /** Its version is being opened. */
    record Opening() implements Turn {}

    /** Sample it with this. */
    record Go(OpenPolicy policy) implements Turn {}

    /** The one version that may sample it cannot be had. */
    record Never(String reason) implements Turn {}
  }

  final RunFile run;
  final RunVersions versions;
  final PolicyCache shelf;
  final TreeSet<PendingPrompt> waiting = new TreeSet<>(PendingPrompt.ORDER);
  RunProgress progress = RunProgress.NONE;
  int sampling;
  int shownWaiting;
  int shownSampling;

  RunScheduler(RunFile run, RunVersions versions, PolicyCache shelf) {
    this.run = run;
    this.versions = versions;
    this.shelf = shelf;
  }

  /** Whether the prompt may be sampled now, and with what; begins to open the version it needs. */
  Turn turnOf(PendingPrompt pending) {
    Long newest = versions.newest().map(PolicyVersion::number).orElse(null);
    return switch (Admission.decide(run, pending.prompt(), newest, progress)) {
      case Admission.Decision.Hold hold -> new Turn.Held();
      case Admission.Decision.Newest any ->
          newestUsable().map(this::turn).orElseGet(Turn.Held::new);
      case Admission.Decision.Exactly(long number) ->
          versions
              .find(number)
              .map(this::turn)
              .orElseGet(
                  () ->
                      new Turn.Never("version %d is not among those published".formatted(number)));
    };
  }

  /**
   * The newest version that was not refused, open or being opened; empty when there is none. A
   * damaged checkpoint so leaves the version before it in service.
   */
  Optional<PolicyVersion> newestUsable() {
    Optional<PolicyVersion> version = versions.newest();
    while (version.isPresent() && shelf.ask(version.get()) instanceof PolicyCache.Place.Refused) {
      version = versions.before(version.get().number());
    }
    return version;
  }

  private Turn turn(PolicyVersion version) {
    return switch (shelf.ask(version)) {
      case PolicyCache.Place.Opening opening -> new Turn.Opening();
      case PolicyCache.Place.Open(OpenPolicy policy) -> new Turn.Go(policy);
      case PolicyCache.Place.Refused(String reason) -> new Turn.Never(reason);
    };
  }
}
