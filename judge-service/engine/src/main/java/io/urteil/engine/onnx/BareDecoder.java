package io.urteil.engine.onnx;

import ai.onnxruntime.OrtException;
import io.urteil.engine.EngineException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.runtime.DecoderLoader;
import io.urteil.engine.runtime.InferenceDecoder;
import io.urteil.engine.runtime.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The model's runtime without scheduler and sampler: the upper bound of an engine's speed. All
 * sequences have one length and no content. Used by one thread.
 */
public final class BareDecoder implements AutoCloseable {

  private static final int TOKEN = 1;

  private final InferenceDecoder decoder;

  private BareDecoder(InferenceDecoder decoder) {
    this.decoder = decoder;
  }

  /**
   * @throws IOException if an existing file is unreadable
   */
  public static BareDecoder open(Path model, EngineSettings settings) throws IOException {
    return new BareDecoder(new DecoderLoader(OnnxRuntime.environment(), settings).open(model));
  }

  /** Seconds of one run with a prompt of this length. */
  public double prefillSeconds(int tokens) {
    int[] prompt = new int[tokens];
    Arrays.fill(prompt, TOKEN);
    return seconds(() -> decoder.extend(0, prompt, 0, tokens));
  }

  /**
   * Seconds of each of {@code steps} decode steps of {@code rows} sequences that start with {@code
   * context} tokens.
   */
  public List<Double> decodeSeconds(int rows, int context, int steps) {
    List<Double> seconds = new ArrayList<>(steps);
    for (int step = 0; step < steps; step++) {
      int position = context + step;
      for (int row = 0; row < rows; row++) {
        decoder.put(row, TOKEN, position);
      }
      seconds.add(seconds(() -> decoder.decode(rows, position + 1)));
    }
    return Collections.unmodifiableList(seconds);
  }

  @Override
  public void close() {
    decoder.close();
  }

  private interface Run {
    void run() throws OrtException;
  }

  private static double seconds(Run run) {
    long start = System.nanoTime();
    try {
      run.run();
    } catch (OrtException e) {
      throw new EngineException("A bare step failed", e);
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
