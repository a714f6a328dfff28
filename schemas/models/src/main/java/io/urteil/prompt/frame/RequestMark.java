package io.urteil.prompt.frame;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The mark of a request: a hash of the prompt and of all texts in it. A repeated request has the
 * same mark; none of its texts contains the mark.
 */
public final class RequestMark {

  private static final int DIGITS = 12;

  private RequestMark() {}

  /**
   * The mark of a request.
   *
   * @param prompt hash of the prompt
   * @param texts all texts that are quoted in it
   */
  public static String of(String prompt, List<String> texts) {
    for (int attempt = 0; ; attempt++) {
      String mark = hash(prompt, texts, attempt).substring(0, DIGITS);
      if (texts.stream().noneMatch(text -> text.contains(mark))) {
        return mark;
      }
    }
  }

  private static String hash(String prompt, List<String> texts, int attempt) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    add(digest, prompt);
    texts.forEach(text -> add(digest, text));
    add(digest, Integer.toString(attempt));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Adds a text behind its length, so that no two lists of texts are the same bytes. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_16BE);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }
}
