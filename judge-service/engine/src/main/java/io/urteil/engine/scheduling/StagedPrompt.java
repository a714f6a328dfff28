package io.urteil.engine.scheduling;

import ai.onnxruntime.OrtException;
import io.urteil.engine.runtime.InferenceDecoder;

/**
 * A long prompt that is read into the staging slot in pieces of one length, cut by its text alone.
 */
final class StagedPrompt {

  private final RequestInFlight request;
  private int read;

  /**
   * @param shared tokens that the staging slot has already
   */
  StagedPrompt(RequestInFlight request, int shared) {
    this.request = request;
    this.read = shared;
  }

  RequestInFlight request() {
    return request;
  }

  boolean isRead() {
    return read == request.prompt().length;
  }

  /** Reads the next piece; returns how many tokens it had. */
  int advance(InferenceDecoder decoder, SlotContents contents, int chunk) throws OrtException {
    int to = Math.min(read + chunk, request.prompt().length);
    int slot = decoder.stagingSlot();
    contents.forget(slot);
    decoder.extend(slot, request.prompt(), read, to);
    int tokens = to - read;
    read = to;
    contents.hold(slot, request.prompt(), read);
    return tokens;
  }
}
