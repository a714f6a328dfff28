package io.urteil.bench.chaos;

import io.urteil.bench.process.KillTarget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The seeded sequence of kills and pauses. Each round has the shares of {@link KillTarget} in
 * random order: thirty kills, or fewer if some kinds are excluded. Pauses are uniform in 0.2 to 1.8
 * times their mean.
 */
final class KillPlan {

  private final Random random;
  private final Duration meanPause;
  private final Set<KillTarget> victims;
  private final Deque<KillTarget> deck = new ArrayDeque<>();

  KillPlan(long seed, Duration meanPause, Set<KillTarget> victims) {
    this.random = new Random(seed);
    this.meanPause = meanPause;
    this.victims = victims;
  }

  KillTarget next() {
    if (deck.isEmpty()) {
      List<KillTarget> round = new ArrayList<>();
      for (KillTarget victim : KillTarget.values()) {
        if (victims.contains(victim)) {
          round.addAll(Collections.nCopies(victim.ofThirty(), victim));
        }
      }
      Collections.shuffle(round, random);
      deck.addAll(round);
    }
    return deck.removeFirst();
  }

  Duration pause() {
    return Duration.ofMillis((long) (meanPause.toMillis() * (0.2 + 1.6 * random.nextDouble())));
  }

  /** A random index below {@code size}. */
  int pick(int size) {
    return random.nextInt(size);
  }
}
