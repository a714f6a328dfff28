package io.urteil.worker;

import io.urteil.event.Namespace;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.JudgeFactory;
import io.urteil.judges.rule.VerdictJudge;
import io.urteil.prompt.VerdictFormat;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A worker in a process of its own, to be killed: slow, or with {@code -Dfatal=true} ending the
 * process at its first rollout.
 */
final class SlowWorker {

  static final int DELIVERY_LIMIT = 3;

  private SlowWorker() {}

  static WorkerSettings settings(int deliveryLimit) {
    return new WorkerSettings(
        Duration.ofSeconds(30),
        deliveryLimit,
        10,
        32,
        4,
        Duration.ofMillis(10),
        Duration.ofSeconds(30));
  }

  public static void main(String[] arguments) throws InterruptedException {
    Namespace place = new Namespace(arguments[0], arguments[1], Path.of(arguments[2]));
    VerdictJudge verdicts = new VerdictJudge(VerdictFormat.JUDGELRM_SCORES);
    boolean fatal = Boolean.getBoolean("fatal");
    JudgeFactory slow =
        description ->
            new PointwiseJudge() {
              @Override
              public String version() {
                return verdicts.version();
              }

              @Override
              public Finding judge(io.urteil.event.Rollout rollout) throws Exception {
                System.out.println("judging");
                if (fatal) {
                  Runtime.getRuntime().halt(9);
                }
                Thread.sleep(50);
                return verdicts.judge(rollout);
              }
            };
    new JudgeWorker(place, settings(fatal ? DELIVERY_LIMIT : 5), slow).start();
    Thread.currentThread().join();
  }
}
