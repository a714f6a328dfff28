package io.urteil.engine.onnx;

import ai.onnxruntime.OrtException;
import io.urteil.engine.EngineException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.runtime.CacheDecision;
import io.urteil.engine.runtime.DecoderLoader;
import io.urteil.engine.runtime.InferenceDecoder;
import io.urteil.engine.runtime.MemoryAdvice;
import io.urteil.engine.runtime.MemoryLedger;
import io.urteil.engine.runtime.MemoryRequirement;
import io.urteil.engine.runtime.OnnxRuntime;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A scalar model ({@code …ForSequenceClassification}), which computes numbers for each sequence:
 * its head is applied to the last token that is not padding. A reward model has one number.
 *
 * <p>Scoring runs on the calling thread, one caller at a time; short sequences are processed
 * together, up to the settings' slots and prefill tokens, longer ones in chunks.
 */
public final class ScalarModel implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ScalarModel.class);

  private final InferenceDecoder decoder;
  private final EngineSettings settings;
  private final int labels;
  private final @Nullable Integer padTokenId;
  private final MemoryLedger.Reservation memory;
  private boolean closed;

  private ScalarModel(
      InferenceDecoder decoder,
      EngineSettings settings,
      DecoderConfig.ScalarHead head,
      MemoryLedger.Reservation memory) {
    this.memory = memory;
    this.decoder = decoder;
    this.settings = settings;
    this.labels = head.labels();
    this.padTokenId = head.padTokenId();
  }

  /**
   * Opens a model directory and tests it. It shares the memory limit of the machine, or of the
   * card, with the engines of the process.
   *
   * @param settings slots limit the number of sequences that are processed together, their capacity
   *     the length of one
   * @throws UnusableModelException if the directory does not exist, is not that of a scalar model,
   *     or exceeds the memory limit
   * @throws EngineException if the runtime rejects it or its scores are not finite
   * @throws IOException if an existing file is unreadable
   */
  public static ScalarModel open(Path directory, EngineSettings settings) throws IOException {
    return open(directory, settings, MemoryLedger.of(settings.runtime()));
  }

  /**
   * The same with the memory limit of a ledger; its weights are never exchanged, so one version
   * must fit.
   */
  public static ScalarModel open(Path directory, EngineSettings settings, MemoryLedger ledger)
      throws IOException {
    ModelDirectory model = ModelDirectory.open(directory);
    long start = System.nanoTime();
    MemoryRequirement need = MemoryRequirement.of(model, settings);
    CacheDecision cache = CacheDecision.of(model, settings, ledger.free(), 1);
    MemoryLedger.Reservation memory =
        ledger.reserve(directory, need, 1, MemoryAdvice.of(model, settings, 1));
    try (MemoryLedger.Reservation opening = ledger.reserve(directory, need.whileOpening(), 1)) {
      InferenceDecoder decoder =
          new DecoderLoader(OnnxRuntime.environment(), settings).openScalar(directory);
      DecoderConfig.ScalarHead head = decoder.config().scalarHead();
      if (head == null) {
        throw new IllegalStateException("a scalar model without a head");
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      OpenedModel.line(LOGGER, directory, settings, need, cache, took).log("scalar model opened");
      return new ScalarModel(decoder, settings, head, memory);
    } catch (IOException | RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /** Numbers per sequence. */
  public int labels() {
    return labels;
  }

  /** Maximum tokens of a sequence. */
  public int capacity() {
    return decoder.capacity();
  }

  /** The numbers of one sequence; see {@link #score(List)}. */
  public float[] score(int[] tokenIds) {
    return score(List.of(tokenIds)).getFirst();
  }

  /**
   * The numbers of each sequence, in order.
   *
   * @throws IllegalArgumentException naming a sequence that is empty or too long, or has a token
   *     outside the vocabulary; then no sequence is scored
   * @throws EngineException if the runtime fails
   */
  public synchronized List<float[]> score(List<int[]> sequences) {
    if (closed) {
      throw new IllegalStateException("The scalar model is closed");
    }
    List<int[]> read = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i++) {
      check(i, sequences.get(i));
      read.add(withoutPadding(sequences.get(i)));
    }
    List<float[]> scores = new ArrayList<>();
    try {
      while (scores.size() < read.size()) {
        int from = scores.size();
        int to = from + batch(read, from);
        if (to == from) {
          readInPieces(read.get(from));
          to = from + 1;
        } else {
          decoder.prefill(0, read.subList(from, to));
        }
        for (int row = 0; row < to - from; row++) {
          float[] score = new float[labels];
          decoder.logits().rows().get(row * labels, score);
          scores.add(score);
        }
      }
    } catch (OrtException e) {
      throw new EngineException("Sequence %d could not be scored".formatted(scores.size()), e);
    }
    return scores;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      decoder.close();
      memory.close();
    }
  }

  /**
   * The number of sequences from this one on that are processed together; 0 if this one is long.
   */
  private int batch(List<int[]> sequences, int from) {
    int rows = 0;
    int longest = 0;
    while (from + rows < sequences.size() && rows < decoder.slots()) {
      int length = sequences.get(from + rows).length;
      longest = Math.max(longest, length);
      boolean fits = rows == 0 || (long) (rows + 1) * longest <= settings.prefillTokens();
      if (length > settings.prefillChunk() || !fits) {
        break;
      }
      rows++;
    }
    return rows;
  }

  private void readInPieces(int[] sequence) throws OrtException {
    for (int from = 0; from < sequence.length; from += settings.prefillChunk()) {
      decoder.extend(0, sequence, from, Math.min(sequence.length, from + settings.prefillChunk()));
    }
  }

  /** Tokens after the last relevant one cannot change the score. */
  private int[] withoutPadding(int[] sequence) {
    int length = sequence.length;
    while (padTokenId != null && length > 1 && sequence[length - 1] == padTokenId) {
      length--;
    }
    return Arrays.copyOf(sequence, length);
  }

  private void check(int index, int[] sequence) {
    if (sequence.length < 1 || sequence.length > decoder.capacity()) {
      throw new IllegalArgumentException(
          "sequence %d: %d tokens (expected: 1 to %d, the capacity of a slot)"
              .formatted(index, sequence.length, decoder.capacity()));
    }
    int vocabulary = decoder.config().vocabularySize();
    for (int token : sequence) {
      if (token < 0 || token >= vocabulary) {
        throw new IllegalArgumentException(
            "sequence %d: token %d (expected: 0 to %d)".formatted(index, token, vocabulary - 1));
      }
    }
  }
}
