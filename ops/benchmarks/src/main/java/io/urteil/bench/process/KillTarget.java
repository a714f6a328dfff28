package io.urteil.bench.process;

import io.urteil.event.Topic;
import java.util.Locale;

/** A kind of process to kill, with its share of the kills and the topic that shows its recovery. */
public enum KillTarget {
  JUDGE(18, Topic.JUDGEMENTS),
  SAMPLER(6, Topic.ROLLOUTS),
  TOPOLOGY(3, Topic.GROUPS),
  TRAINER(2, Topic.UPDATES),
  BROKER(1, Topic.GROUPS);

  private final int ofThirty;
  private final Topic recoveryTopic;

  KillTarget(int ofThirty, Topic recoveryTopic) {
    this.ofThirty = ofThirty;
    this.recoveryTopic = recoveryTopic;
  }

  /** Kills of this kind among thirty: 60, 20, 10, 7 and 3 per cent. */
  public int ofThirty() {
    return ofThirty;
  }

  /** The topic on which an event created after the kill ends the downtime. */
  public Topic recoveryTopic() {
    return recoveryTopic;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
