package io.urteil.bench.chaos;

import io.urteil.event.Topic;
import java.util.Locale;

/** What kind of process is killed, how often, and what shows that its kind is at work again. */
public enum KillTarget {
  JUDGE(18, Topic.JUDGEMENTS),
  SAMPLER(6, Topic.ROLLOUTS),
  TOPOLOGY(3, Topic.GROUPS),
  TRAINER(2, Topic.UPDATES),
  BROKER(1, Topic.GROUPS);

  private final int ofThirty;
  private final Topic sign;

  KillTarget(int ofThirty, Topic sign) {
    this.ofThirty = ofThirty;
    this.sign = sign;
  }

  /** How many of thirty kills it gets: 60, 20, 10, 7 and 3 per cent. */
  int ofThirty() {
    return ofThirty;
  }

  /** An event on this topic that was made after the kill ends the downtime. */
  Topic sign() {
    return sign;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
