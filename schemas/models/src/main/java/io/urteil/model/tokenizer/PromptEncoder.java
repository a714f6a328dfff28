package io.urteil.model.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.urteil.model.file.FileHash;
import io.urteil.model.file.UnusableModelException;
import io.urteil.text.OriginText;
import io.urteil.text.OriginText.Run;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Prompts to token ids, so that only text of a trusted {@link io.urteil.text.Origin} can spell
 * control tokens. A candidate's {@code <|im_end|>} or {@code </think>} becomes the tokens of those
 * characters. When no untrusted text spells a control token the ids are those of the tokenizer
 * itself for the whole text, so a change of origin is no seam.
 *
 * <p>How: a second tokenizer knows the control tokens by names that are drawn at random when it is
 * opened. Those names are put where trusted text spells the tokens, and the whole is encoded at
 * once.
 *
 * <p>Lone surrogates, which have no encoding, are read as U+FFFD. Thread-safe until it is closed.
 */
public final class PromptEncoder implements AutoCloseable {

  private final HuggingFaceTokenizer tokenizer;
  private final ControlTokens controls;
  private final String hash;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private PromptEncoder(HuggingFaceTokenizer tokenizer, ControlTokens controls, String hash) {
    this.tokenizer = tokenizer;
    this.controls = controls;
    this.hash = hash;
  }

  /**
   * The encoder of a {@code tokenizer.json}.
   *
   * @throws UnusableModelException if it is missing, is not a tokenizer, or has control tokens that
   *     plain text can still spell
   */
  public static PromptEncoder open(Path file) throws IOException {
    return TokenizerFile.read(
        file,
        (json, root) -> {
          List<String> problems = new ArrayList<>();
          ControlTokens controls = ControlTokens.of(root, problems);
          if (!problems.isEmpty()) {
            throw new UnusableModelException(file, problems);
          }
          PromptEncoder encoder =
              new PromptEncoder(
                  Tokenizer.library(new ByteArrayInputStream(controls.json())),
                  controls,
                  FileHash.sha256(json));
          problems.addAll(encoder.misnumbered());
          if (!problems.isEmpty()) {
            encoder.close();
            throw new UnusableModelException(file, problems);
          }
          return encoder;
        });
  }

  /** The tokens of a prompt, each counted to the message it belongs to. */
  public EncodedPrompt encode(OriginText prompt) {
    List<Run> pieces = prompt.wellFormed().runs();
    StringBuilder text = new StringBuilder();
    List<Integer> ends = new ArrayList<>();
    for (int from = 0; from < pieces.size(); ) {
      int to = from + 1;
      while (to < pieces.size() && isTrusted(pieces.get(to)) == isTrusted(pieces.get(from))) {
        to++;
      }
      append(pieces.subList(from, to), text, ends);
      from = to;
    }
    if (text.isEmpty()) {
      return new EncodedPrompt(new int[0], new int[0]);
    }
    Encoding encoding = encoded(text.toString());
    return new EncodedPrompt(
        Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray(),
        messages(encoding.getCharTokenSpans(), ends, owners(pieces)));
  }

  private static int[] messages(CharSpan[] spans, List<Integer> ends, int[] owners) {
    int[] messages = new int[spans.length];
    int piece = 0;
    int message = 0;
    for (int i = 0; i < spans.length; i++) {
      int start = spans[i] == null ? 0 : spans[i].getStart();
      while (piece < ends.size() - 1 && start >= ends.get(piece)) {
        piece++;
      }
      message = Math.max(message, owners[piece]);
      messages[i] = message;
    }
    return messages;
  }

  /** SHA-256 of {@code tokenizer.json}. */
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

  private static boolean isTrusted(Run run) {
    return run.origin().isTrusted();
  }

  /** A run of pieces of one kind, and where each of them ends, counted in code points. */
  private void append(List<Run> run, StringBuilder text, List<Integer> ends) {
    StringBuilder together = new StringBuilder();
    List<Integer> sourceEnds = new ArrayList<>();
    for (Run piece : run) {
      together.append(piece.text());
      sourceEnds.add(together.length());
    }
    String source = together.toString();
    List<ControlTokens.Spelling> spellings =
        isTrusted(run.getFirst()) ? controls.spellings(source) : List.of();
    int length = ends.isEmpty() ? 0 : ends.getLast();
    int at = 0;
    int next = 0;
    for (int end : sourceEnds) {
      while (next < spellings.size() && spellings.get(next).start() < end) {
        ControlTokens.Spelling spelling = spellings.get(next++);
        text.append(source, at, spelling.start()).append(spelling.secret());
        length += source.codePointCount(at, spelling.start());
        length += spelling.secret().codePointCount(0, spelling.secret().length());
        at = spelling.end();
      }
      if (at < end) {
        text.append(source, at, end);
        length += source.codePointCount(at, end);
        at = end;
      }
      ends.add(length);
    }
  }

  /** The template's text belongs to the message after it, and at the end to the last one. */
  private static int[] owners(List<Run> pieces) {
    int[] owners = new int[pieces.size()];
    int last = 0;
    for (Run piece : pieces) {
      last = Math.max(last, piece.message());
    }
    int following = last;
    for (int i = pieces.size() - 1; i >= 0; i--) {
      following = pieces.get(i).message() < 0 ? following : pieces.get(i).message();
      owners[i] = following;
    }
    return owners;
  }

  private Encoding encoded(String text) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("The prompt encoder is closed");
      }
      return tokenizer.encode(text, false, false);
    } finally {
      lock.readLock().unlock();
    }
  }

  private List<String> misnumbered() {
    List<String> problems = new ArrayList<>();
    controls
        .secrets()
        .forEach(
            (secret, id) -> {
              long[] ids = encoded(secret).getIds();
              if (ids.length != 1 || ids[0] != id) {
                problems.add(
                    ("added token %d: encoded as %s under another name (expected: its id in the"
                            + " vocabulary, or the next one after it)")
                        .formatted(id, Arrays.toString(ids)));
              }
            });
    return problems;
  }
}
