package io.urteil.worker;

import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import java.net.ConnectException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Does to each rollout one of the things that a judge can do, drawn from a seed and the rollout's
 * ordinal. {@link #close} ends the calls that ignore their interruption.
 */
final class NastyJudge implements PointwiseJudge, AutoCloseable {

  private final long seed;
  private final AtomicBoolean open = new AtomicBoolean(true);

  NastyJudge(long seed) {
    this.seed = seed;
  }

  @Override
  public String version() {
    return "nasty/1";
  }

  @Override
  @SuppressWarnings("NullAway") // on purpose
  public Finding judge(Rollout rollout) throws Exception {
    return switch (new Random(seed + rollout.getOrdinal() * 31 + rollout.getIndex()).nextInt(16)) {
      case 0 -> null;
      case 1 -> throw new IllegalStateException();
      case 2 -> throw new NoClassDefFoundError("acme/Missing");
      case 3 -> throw new StackOverflowError();
      case 4 -> throw new OutOfMemoryError("plug-in");
      case 5 -> throw new InterruptedException("invented");
      case 6 -> throw new ConnectException("x".repeat(10_000_000));
      case 7 -> new Finding.Unparseable("\u20ac".repeat(10_000_000));
      case 8 -> new Finding.Abstained(null);
      case 9 -> new Finding.Scored(null, null);
      case 10 -> scored(Double.NaN, null);
      case 11 -> scored(1, "l".repeat(5_000_000));
      case 12 -> {
        Thread.sleep(600_000);
        yield null;
      }
      case 13 -> {
        while (open.get()) {
          Thread.onSpinWait();
        }
        yield null;
      }
      case 14 -> {
        rollout.getSegments().clear();
        rollout.put("groupId", "another");
        yield scored(1, null);
      }
      default -> {
        Thread.currentThread().interrupt();
        yield scored(1, "fine");
      }
    };
  }

  private static Finding scored(double score, String label) {
    return new Finding.Scored(
        Verdict.newBuilder().setScores(List.of(score)).setLabel(label).build(), null);
  }

  @Override
  public void close() {
    open.set(false);
  }
}
