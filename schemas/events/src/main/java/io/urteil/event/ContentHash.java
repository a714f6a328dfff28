package io.urteil.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the content of a rollout. Judgements and batches carry the hash of the rollout they refer
 * to, so a reference to other content is detected.
 *
 * <p>SHA-256 over, for each segment in order: role, text, media hash, tool call (each as its UTF-8
 * length in 4 big-endian bytes, -1 for null, then its bytes) and the token bytes in the same way.
 * Log-probabilities and masks are not content.
 */
public final class ContentHash {

  private ContentHash() {}

  /** The hash of these segments, as 64 hexadecimal digits. */
  public static String of(List<Segment> segments) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    for (Segment segment : segments) {
      update(digest, segment.getRole());
      update(digest, segment.getText());
      update(digest, segment.getMedia() == null ? null : segment.getMedia().getSha256());
      update(digest, segment.getToolCall());
      ByteBuffer tokens = segment.getTokens().duplicate();
      digest.update(length(tokens.remaining()));
      digest.update(tokens);
    }
    return Hex.encodeHexString(digest.digest());
  }

  /** SHA-256 of the UTF-8 bytes of a text, as 64 hexadecimal digits. */
  public static String of(String text) {
    return DigestUtils.sha256Hex(text);
  }

  private static void update(MessageDigest digest, @Nullable String text) {
    if (text == null) {
      digest.update(length(-1));
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(length(bytes.length));
    digest.update(bytes);
  }

  private static byte[] length(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }
}
