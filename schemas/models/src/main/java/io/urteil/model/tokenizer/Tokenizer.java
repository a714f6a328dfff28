package io.urteil.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.model.file.FileHash;
import io.urteil.model.file.StrictJson;
import io.urteil.model.file.UnusableModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids and back, by a Hugging Face {@code tokenizer.json}. It adds nothing to a text
 * (no begin token, no template) and truncates nothing.
 *
 * <p>Thread-safe. After {@link #close} every call fails; running calls finish first.
 */
public final class Tokenizer implements AutoCloseable {

  public static final String FILE_NAME = "tokenizer.json";

  static {
    // By default the library reports its use to a statistics host and downloads GPU natives.
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("RUST_FLAVOR", "cpu");
  }

  static {
    // The library reports its use from machines of one cloud provider, unless this is set.
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final HuggingFaceTokenizer tokenizer;
  private final Map<String, Integer> ids;
  private final String hash;
  private final Supplier<TokenTexts> texts;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private Tokenizer(
      HuggingFaceTokenizer tokenizer,
      Map<String, Integer> ids,
      String hash,
      Supplier<TokenTexts> texts) {
    this.tokenizer = tokenizer;
    this.ids = ids;
    this.hash = hash;
    this.texts = texts;
  }

  /**
   * @param file a {@code tokenizer.json}
   * @throws UnusableModelException if it is missing or not a tokenizer
   */
  public static Tokenizer open(Path file) throws IOException {
    return TokenizerFile.read(
        file,
        (json, root) -> {
          Map<String, Integer> ids = TokenizerVocabulary.read(root);
          HuggingFaceTokenizer tokenizer = library(root);
          List<String> problems = TokenizerVocabulary.misnumbered(root, tokenizer);
          if (!problems.isEmpty()) {
            tokenizer.close();
            throw new UnusableModelException(file, problems);
          }
          return new Tokenizer(tokenizer, ids, FileHash.sha256(json), once(json, ids));
        });
  }

  /** The library's tokenizer; without these settings it would add tokens and truncate texts. */
  static HuggingFaceTokenizer library(ObjectNode root) throws IOException {
    return library(new ByteArrayInputStream(StrictJson.MAPPER.writeValueAsBytes(root)));
  }

  /** The same, for JSON that was written by this process. */
  static HuggingFaceTokenizer library(InputStream json) throws IOException {
    return HuggingFaceTokenizer.newInstance(
        json, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
  }

  /**
   * The token ids of a text, empty for an empty one. Added tokens in the text become their ids; use
   * a {@link PromptEncoder} for untrusted text. Lone surrogates are read as U+FFFD.
   */
  public int[] encode(String text) {
    return whileOpen(
        () ->
            Arrays.stream(tokenizer.encode(WellFormedText.text(text), false, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray());
  }

  /**
   * The text of token ids. Special tokens (end, padding, …) are omitted; added tokens that are not
   * special, such as {@code <think>}, are included.
   */
  public String decode(int[] tokenIds) {
    long[] wide = Arrays.stream(tokenIds).asLongStream().toArray();
    return whileOpen(() -> tokenizer.decode(wide, true));
  }

  /** The id of one token of the vocabulary or of the added tokens. */
  public OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * The text of each token, read from the file at the first call.
   *
   * @throws IllegalArgumentException if the encoding of the vocabulary is not supported
   */
  public TokenTexts texts() {
    return texts.get();
  }

  /** SHA-256 of the file; equal hashes mean equal token ids. */
  public String hash() {
    return hash;
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private <T> T whileOpen(Supplier<T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("The tokenizer is closed");
      }
      return call.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  private static Supplier<TokenTexts> once(byte[] json, Map<String, Integer> ids) {
    return new Supplier<>() {
      private byte @Nullable [] unread = json;
      private @Nullable TokenTexts read;

      @Override
      public synchronized TokenTexts get() {
        TokenTexts known = read;
        if (known == null) {
          try {
            known = TokenTexts.read(StrictJson.MAPPER.readTree(unread), ids);
          } catch (IOException e) {
            throw new IllegalStateException("A tokenizer that was read before is unreadable", e);
          }
          read = known;
          unread = null;
        }
        return known;
      }
    };
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null && System.getenv(property) == null) {
      System.setProperty(property, value);
    }
  }
}
