package io.urteil.topology.group;

import io.urteil.event.Message;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.TextSpan;
import io.urteil.event.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * The first 64 bits of a SHA-256 over the content of an event. It distinguishes a repeated event
 * from a contradicting one. Circumstances of the event (times, latency, attempts, raw text,
 * probabilities) are excluded: a judge that is killed and judges again repeats only the content.
 */
final class Fingerprint {

  private static final byte[] END = {0};

  private final MessageDigest digest;

  private Fingerprint(String kind) {
    digest = DigestUtils.getSha256Digest();
    and(kind);
  }

  /** The content of a prompt. */
  static long of(Prompt prompt) {
    Fingerprint fingerprint =
        new Fingerprint("prompt")
            .and(prompt.getPurpose())
            .and(prompt.getOrdinal())
            .and(prompt.getSamplesPerArm())
            .and(prompt.getPolicyVersion());
    for (PromptArm arm : prompt.getArms()) {
      fingerprint.and(arm.getName()).and(arm.getReference());
      for (Message message : arm.getMessages()) {
        fingerprint.and(message.getRole()).and(message.getContent());
        fingerprint.andUntrusted(message.getUntrusted());
      }
      if (!arm.getPrefix().isEmpty()) {
        fingerprint.and("prefix").and(arm.getPrefix());
      }
    }
    prompt.getMembers().forEach(fingerprint::and);
    return fingerprint.value();
  }

  /** A requested attempt. */
  static long ofRetried(MemberId member) {
    return new Fingerprint("retried").and(member).value();
  }

  /** The text of a member. */
  static long of(MemberId member, String contentHash) {
    return new Fingerprint("rollout").and(member).and(contentHash).value();
  }

  /** The verdict of a judge on a text. */
  static long of(MemberState.Judged judged) {
    Fingerprint fingerprint =
        new Fingerprint("judgement")
            .and(judged.judgementId())
            .and(judged.judge())
            .and(judged.contentHash())
            .and(judged.status());
    Verdict verdict = judged.verdict();
    if (verdict != null) {
      fingerprint.and(verdict.getScores()).and(verdict.getPreference()).and(verdict.getLabel());
    }
    return fingerprint.value();
  }

  /** Adds no bytes if the producer marked no spans, so older fingerprints stay valid. */
  private void andUntrusted(@Nullable List<TextSpan> spans) {
    if (spans != null) {
      and("untrusted");
      spans.forEach(span -> and(span.getStart()).and(span.getEnd()).and(span.getOrigin()));
    }
  }

  private Fingerprint and(@Nullable Object part) {
    digest.update(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
    digest.update(END);
    return this;
  }

  private long value() {
    return ByteBuffer.wrap(Arrays.copyOf(digest.digest(), Long.BYTES)).getLong();
  }
}
