package io.urteil.engine.scheduling;

import ai.onnxruntime.OrtException;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.StopReason;
import io.urteil.engine.runtime.InferenceDecoder;
import io.urteil.engine.sampling.TokenSampler;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sequences that decode together on one version. Live ones fill slots 0 to n - 1 without a gap,
 * so that a step runs exactly those; the last one takes the slot of a finished one.
 *
 * <p>One turn: drop abandoned and overdue requests; process at most one run of prompts; decode one
 * token for every live sequence and sample. Short prompts are processed together, directly into
 * free slots; a long one goes through the staging slot run by run, starting after the longest
 * prefix that a slot still holds. The samples of a prompt get copies of its keys and values.
 *
 * <p>A sequence starts when all positions that it may need fit into the memory of keys and values
 * beside those of the running ones ({@link CacheBudget}). The first waiting request waits until it
 * fits, and no later one starts before it.
 *
 * <p>With a fixed shape every step runs all slots, idle ones too, and every prompt is processed in
 * chunks: then no number depends on other requests. Confined to the scheduler's thread.
 */
public final class ContinuousBatch implements AutoCloseable {

  static final String DEADLINE_PASSED = "the request's deadline passed";

  private final InferenceDecoder decoder;
  private final EngineSettings settings;
  private final EngineMeter meter;
  private final RequestEndings endings;
  private final RowSampler draws;
  private final TokenSampler sampler;
  private final SlotContents contents;
  private final CacheBudget budget;
  private final @Nullable SampleInFlight[] rows;
  private final @Nullable CompletionSample[] ended;
  private int live;
  private int shownLive;
  private @Nullable StagedPrompt staged;

  /**
   * @param crew the scheduler's thread and its helpers
   */
  public ContinuousBatch(
      InferenceDecoder decoder,
      EngineSettings settings,
      EngineMeter meter,
      RequestEndings endings,
      WorkerTeam crew) {
    this.decoder = decoder;
    this.settings = settings;
    this.meter = meter;
    this.endings = endings;
    this.draws = new RowSampler(crew, decoder.config().vocabularySize(), decoder.capacity());
    this.sampler = draws.sampler();
    this.rows = new SampleInFlight[decoder.slots()];
    this.ended = new CompletionSample[decoder.slots()];
    meter.slots(decoder.slots());
    this.contents =
        new SlotContents(decoder.slots() + 1, settings.fixedShape() ? settings.prefillChunk() : 1);
    this.budget =
        new CacheBudget(
            decoder.cacheShape(),
            decoder.slots(),
            settings.cacheBytes(),
            contents::held,
            this::release);
  }

  /** One turn; false if there was nothing to do. */
  public boolean turn(VersionedModel model, WaitingRequests waiting) {
    long start = System.nanoTime();
    dropEnded(model);
    long runtimeBefore = decoder.runtimeNanos();
    try {
      boolean admitted = admit(model, waiting);
      boolean decoding = live > 0;
      if (decoding) {
        decodeStep(model);
        meter.decoded(System.nanoTime() - start);
      }
      return admitted || decoding;
    } catch (OrtException e) {
      failAll(
          request ->
              new EngineException(
                  "Request '%s': a step of version %s failed".formatted(request, model.version()),
                  e));
      return true;
    } finally {
      meter.ran(decoder.runtimeNanos() - runtimeBefore);
      showLive(live);
    }
  }

  /** Ends every request that runs here. */
  public void failAll(Function<String, EngineException> cause) {
    Set<RequestInFlight> requests = new LinkedHashSet<>();
    for (int row = 0; row < live; row++) {
      SampleInFlight sample = rows[row];
      if (sample != null) {
        requests.add(sample.request());
      }
      budget.free(row, decoder.capacity());
      rows[row] = null;
    }
    live = 0;
    if (staged != null) {
      requests.add(staged.request());
      staged = null;
    }
    requests.forEach(request -> endings.failed(request, cause.apply(request.id())));
  }

  private void showLive(int now) {
    if (now != shownLive) {
      meter.usedSlots(now - shownLive);
      shownLive = now;
    }
  }

  @Override
  public void close() {
    showLive(0);
    meter.slots(-rows.length);
    decoder.close();
  }

  private void dropEnded(VersionedModel model) {
    for (int row = live - 1; row >= 0; row--) {
      SampleInFlight sample = sample(row);
      RequestInFlight request = sample.request();
      if (request.isAbandoned()) {
        remove(row);
        endings.abandoned(request);
      } else if (request.isOverdue()) {
        remove(row);
        endings.finished(request, model, sample.end(StopReason.CANCELLED, DEADLINE_PASSED));
      }
    }
    if (staged != null && !isWanted(staged.request(), model)) {
      staged = null;
    }
  }

  private boolean admit(VersionedModel model, WaitingRequests waiting) throws OrtException {
    if (staged != null) {
      boolean ran = advanceStaged(staged, model);
      if (ran || staged != null) {
        return ran;
      }
    }
    List<RequestInFlight> fresh = new ArrayList<>();
    int taken = 0;
    long claimed = 0;
    int longest = 0;
    while (live + taken < rows.length) {
      RequestInFlight next = waiting.peek(model);
      if (next == null || budget.fitting(positions(next), 1, claimed) == 0) {
        break;
      }
      RequestInFlight request = waiting.take(model);
      if (request == null) {
        break;
      }
      if (!isWanted(request, model)) {
        continue;
      }
      int most = Math.min(request.remaining(), rows.length - live - taken);
      int fitting = budget.fitting(positions(request), most, claimed);
      int length = request.prompt().length;
      int sibling = rowOf(request);
      boolean alone = sibling >= 0 || length > settings.prefillChunk() || settings.fixedShape();
      int padded = Math.max(longest, length);
      boolean together = !alone && (fresh.size() + 1) * padded <= settings.prefillTokens();
      // The next request may be another one than before if the current version has changed.
      if (fitting == 0 || !(fresh.isEmpty() || together)) {
        waiting.putBack(model, request);
        break;
      }
      request.begin();
      if (sibling >= 0) {
        sampler.load(request.firstLogits());
        startSamples(request, sibling, model, waiting);
      } else if (alone) {
        staged = stage(request);
        return advanceStaged(staged, model);
      } else {
        fresh.add(request);
        longest = padded;
        taken += fitting;
        claimed += fitting * budget.bytes(positions(request));
        if (fitting < request.remaining()) {
          break;
        }
      }
    }
    if (fresh.isEmpty()) {
      return false;
    }
    prefill(fresh, model, waiting);
    return true;
  }

  private void prefill(
      List<RequestInFlight> requests, VersionedModel model, WaitingRequests waiting)
      throws OrtException {
    int first = live;
    for (int i = 0; i < requests.size(); i++) {
      contents.forget(first + i);
      budget.reserve(first + i, positions(requests.get(i)));
    }
    try {
      decoder.prefill(first, requests.stream().map(RequestInFlight::prompt).toList());
    } catch (OrtException e) {
      for (int i = 0; i < requests.size(); i++) {
        budget.free(first + i, decoder.capacity());
      }
      for (RequestInFlight request : requests) {
        endings.failed(
            request,
            new EngineException(
                "Request '%s': its prompt could not be processed".formatted(request.id()), e));
      }
      throw e;
    }
    meter.prefilled(requests.stream().mapToInt(request -> request.prompt().length).sum());
    int end = first + requests.size();
    live = end;
    for (int i = 0; i < requests.size(); i++) {
      sampler.load(decoder.logits(), i);
      startSamples(requests.get(i), first + i, model, waiting);
    }
    for (int row = end - 1; row >= first; row--) {
      if (rows[row] == null) {
        remove(row);
      }
    }
  }

  /** Assigns the staging slot to a prompt, with the prefix that another slot holds. */
  private StagedPrompt stage(RequestInFlight request) {
    SlotContents.Shared shared = contents.longest(request.prompt());
    int staging = decoder.stagingSlot();
    if (shared.tokens() > 0 && shared.slot() != staging) {
      decoder.copy(shared.slot(), staging, shared.tokens());
      contents.hold(staging, request.prompt(), shared.tokens());
    }
    meter.shared(shared.tokens());
    return settings.fixedShape()
        ? StagedPrompt.inChunks(request, shared.tokens(), settings.prefillChunk())
        : StagedPrompt.inEqualRuns(request, shared.tokens(), settings.prefillTokens());
  }

  /** Processes a run, or starts samples of a processed prompt; true if the model ran. */
  private boolean advanceStaged(StagedPrompt prompt, VersionedModel model) throws OrtException {
    RequestInFlight request = prompt.request();
    boolean ran = !prompt.isRead();
    if (ran) {
      meter.prefilled(prompt.advance(decoder, contents));
      if (!prompt.isRead()) {
        return true;
      }
      sampler.load(decoder.logits(), 0);
      request.keepFirstLogits(sampler.row());
    }
    sampler.load(request.firstLogits());
    startWhileRoom(request, decoder.stagingSlot(), model);
    if (request.remaining() == 0) {
      staged = null;
    }
    return ran;
  }

  private void startSamples(
      RequestInFlight request, int source, VersionedModel model, WaitingRequests waiting) {
    startWhileRoom(request, source, model);
    if (request.remaining() > 0) {
      request.keepFirstLogits(sampler.row());
      waiting.putBack(model, request);
    }
  }

  /**
   * Starts samples from the loaded logits, until all are started or no slot is free or has memory.
   * The first that continues takes the source slot if that has no owner; the others get copies of
   * its prompt.
   */
  private void startWhileRoom(RequestInFlight request, int source, VersionedModel model) {
    if (!request.hasStarted() && !request.watched().isEmpty()) {
      request.told(sampler.logProbabilities(request.watched()));
    }
    while (request.remaining() > 0) {
      boolean inPlace = source < rows.length && rows[source] == null;
      int needed = positions(request);
      if (!inPlace && (live == rows.length || budget.fitting(needed, 1, 0) == 0)) {
        return;
      }
      SampleInFlight sample = request.start();
      CompletionSample done = sample.draw(sampler, decoder.capacity());
      meter.sampled(1);
      if (done != null) {
        endings.finished(request, model, done);
      } else if (inPlace) {
        rows[source] = sample;
      } else {
        contents.forget(live);
        budget.reserve(live, needed);
        decoder.copy(source, live, request.prompt().length);
        contents.copy(source, live);
        rows[live++] = sample;
      }
    }
  }

  private void decodeStep(VersionedModel model) throws OrtException {
    int longest = 0;
    for (int row = 0; row < live; row++) {
      SampleInFlight sample = sample(row);
      double temperature = sample.request().sampling().temperature();
      decoder.put(row, sample.lastToken(), sample.position(), temperature);
      longest = Math.max(longest, sample.position() + 1);
    }
    decoder.decode(settings.fixedShape() ? padded() : live, longest);
    meter.sampled(live);
    draws.draw(decoder.logits(), live, rows, ended);
    // Downwards: a sequence that moves into a gap was checked already.
    for (int row = live - 1; row >= 0; row--) {
      CompletionSample done = ended[row];
      if (done != null) {
        ended[row] = null;
        RequestInFlight request = sample(row).request();
        remove(row);
        endings.finished(request, model, done);
      }
    }
  }

  /** Fills idle slots with a dummy token at their start; returns the number of all slots. */
  private int padded() {
    for (int row = live; row < rows.length; row++) {
      decoder.put(row, 0, 0);
      contents.forget(row);
    }
    return rows.length;
  }

  private void remove(int row) {
    int last = --live;
    SampleInFlight ended = rows[row];
    budget.free(row, ended == null ? decoder.capacity() : written(ended));
    if (row != last) {
      SampleInFlight moved = sample(last);
      contents.forget(row);
      boolean room = budget.move(last, row, written(moved));
      contents.copy(last, row);
      if (room) {
        decoder.copy(last, row, moved.position());
      } else {
        decoder.move(last, row, moved.position());
        contents.forget(last);
      }
      rows[row] = moved;
    }
    rows[last] = null;
  }

  /** Positions of a slot that each sample of a request may need. */
  private int positions(RequestInFlight request) {
    long needed = (long) request.prompt().length + request.sampling().maxTokens() - 1;
    return (int) Math.clamp(needed, padding(), decoder.capacity());
  }

  /** Positions of a slot that a sample has written. */
  private int written(SampleInFlight sample) {
    return Math.max(padding(), sample.position());
  }

  /** The longest prompt that is processed together with others, which are padded to its length. */
  private int padding() {
    return Math.min(settings.prefillChunk(), decoder.capacity());
  }

  private void release(int slot, int positions) {
    contents.shorten(slot, positions);
    decoder.release(slot, positions);
  }

  /** Whether a request can be started; ends it if not. */
  private boolean isWanted(RequestInFlight request, VersionedModel model) {
    if (request.isAbandoned()) {
      endings.abandoned(request);
      return false;
    }
    if (request.isOverdue()) {
      endings.finishedEarly(request, model, StopReason.CANCELLED, DEADLINE_PASSED);
      return false;
    }
    String refusal = refusal(request);
    if (!refusal.isEmpty()) {
      endings.finishedEarly(request, model, StopReason.FAILED, refusal);
      return false;
    }
    return true;
  }

  private String refusal(RequestInFlight request) {
    int[] prompt = request.prompt();
    if (prompt.length > decoder.capacity()) {
      return "prompt: %d tokens (expected: <= %d, the capacity of a slot)"
          .formatted(prompt.length, decoder.capacity());
    }
    int vocabulary = decoder.config().vocabularySize();
    for (int i = 0; i < prompt.length; i++) {
      if (prompt[i] < 0 || prompt[i] >= vocabulary) {
        return "prompt[%d]: %d (expected: a token id, 0 to %d)"
            .formatted(i, prompt[i], vocabulary - 1);
      }
    }
    for (int watched : request.watched()) {
      if (watched < 0 || watched >= vocabulary) {
        return "watched: %d (expected: a token id, 0 to %d)".formatted(watched, vocabulary - 1);
      }
    }
    return "";
  }

  /** A live sample of a partly started request; -1 if there is none. */
  private int rowOf(RequestInFlight request) {
    if (!request.hasStarted()) {
      return -1;
    }
    for (int row = 0; row < live; row++) {
      if (sample(row).request() == request) {
        return row;
      }
    }
    return -1;
  }

  private SampleInFlight sample(int row) {
    return Objects.requireNonNull(rows[row], "row");
  }
}
