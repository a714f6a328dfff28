package io.urteil.worker;

import io.urteil.event.Namespace;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.rule.VerdictJudge;
import io.urteil.prompt.VerdictFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A worker in a process of its own, whose judge takes 300 ms and ends the process at the rollouts
 * of some ordinals, after 100 ms.
 */
final class FatalWorker {

  /** How the judge ends the process. */
  enum Ending {
    EXIT,
    HALT
  }

  private FatalWorker() {}

  static WorkerSettings settings() {
    return new WorkerSettings(
        Duration.ofSeconds(3), 10, 500, 32, 4, Duration.ofMillis(10), Duration.ofSeconds(30));
  }

  public static void main(String[] arguments) throws InterruptedException {
    Namespace place = new Namespace(arguments[0], arguments[1], Path.of(arguments[2]));
    Ending ending = Ending.valueOf(arguments[3]);
    Set<Long> fatal =
        Arrays.stream(arguments[4].split(",")).map(Long::valueOf).collect(Collectors.toSet());
    VerdictJudge verdicts = new VerdictJudge(VerdictFormat.JUDGELRM_SCORES);
    PointwiseJudge judge =
        new PointwiseJudge() {
          @Override
          public String version() {
            return verdicts.version();
          }

          @Override
          public Finding judge(io.urteil.event.Rollout rollout) throws Exception {
            if (fatal.contains(rollout.getOrdinal()) && rollout.getIndex() == 0) {
              Thread.sleep(100);
              end(ending);
            }
            Thread.sleep(300);
            return verdicts.judge(rollout);
          }
        };
    JudgeWorker worker = JudgeWorker.withJudge(place, settings(), judge);
    worker.start();
    System.out.println("started");
    while (worker.health().equals(new io.urteil.event.ServiceComponent.Health.Running())) {
      Thread.sleep(100);
    }
  }

  private static void end(Ending ending) {
    switch (ending) {
      case EXIT -> System.exit(7);
      case HALT -> Runtime.getRuntime().halt(9);
    }
  }
}
