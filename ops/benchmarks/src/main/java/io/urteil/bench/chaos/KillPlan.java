package io.urteil.bench.chaos;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Who is killed next and when, by seed. Every thirty kills have exactly the shares of {@link
 * Victim}, in a random order; pauses are uniform in 0.2 to 1.8 times their mean.
 */
final class KillPlan {

  private final Random random;
  private final Duration meanPause;
  private final Deque<Victim> deck = new ArrayDeque<>();

  KillPlan(long seed, Duration meanPause) {
    this.random = new Random(seed);
    this.meanPause = meanPause;
  }

  Victim next() {
    if (deck.isEmpty()) {
      List<Victim> thirty = new ArrayList<>();
      for (Victim victim : Victim.values()) {
        thirty.addAll(Collections.nCopies(victim.ofThirty(), victim));
      }
      Collections.shuffle(thirty, random);
      deck.addAll(thirty);
    }
    return deck.removeFirst();
  }

  Duration pause() {
    return Duration.ofMillis((long) (meanPause.toMillis() * (0.2 + 1.6 * random.nextDouble())));
  }

  /** Which of so many. */
  int pick(int size) {
    return random.nextInt(size);
  }
}
