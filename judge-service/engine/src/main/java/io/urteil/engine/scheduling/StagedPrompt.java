package io.urteil.engine.scheduling;

import ai.onnxruntime.OrtException;
import io.urteil.engine.runtime.InferenceDecoder;

/** A long prompt that is processed into the staging slot in several runs. */
final class StagedPrompt {

  private final RequestInFlight request;
  private final int run;
  private int read;

  private StagedPrompt(RequestInFlight request, int shared, int run) {
    this.request = request;
    this.read = shared;
    this.run = run;
  }

  /**
   * In chunks of the same boundaries for every prompt.
   *
   * @param shared tokens that the staging slot already holds, in complete chunks
   */
  static StagedPrompt inChunks(RequestInFlight request, int shared, int chunk) {
    return new StagedPrompt(request, shared, chunk);
  }

  /**
   * In as few runs as possible, of about the same length.
   *
   * @param shared tokens that the staging slot already holds, fewer than the prompt has
   * @param longest tokens of a run
   */
  static StagedPrompt inEqualRuns(RequestInFlight request, int shared, int longest) {
    int rest = request.prompt().length - shared;
    return new StagedPrompt(request, shared, Math.ceilDiv(rest, Math.ceilDiv(rest, longest)));
  }

  RequestInFlight request() {
    return request;
  }

  boolean isRead() {
    return read == request.prompt().length;
  }

  /** Processes the next run; returns its number of tokens. */
  int advance(InferenceDecoder decoder, SlotContents contents) throws OrtException {
    int to = Math.min(read + run, request.prompt().length);
    int slot = decoder.stagingSlot();
    contents.forget(slot);
    decoder.extend(slot, request.prompt(), read, to);
    int tokens = to - read;
    read = to;
    contents.hold(slot, request.prompt(), read);
    return tokens;
  }
}
