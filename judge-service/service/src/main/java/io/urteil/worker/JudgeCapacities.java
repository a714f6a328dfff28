package io.urteil.worker;

import io.urteil.chat.ChatModel;
import io.urteil.judge.api.Judge;
import io.urteil.judges.ModelBacked;
import io.urteil.judges.scalar.ScalarJudge;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.RuleJudge;
import io.urteil.worker.call.CallLimits;
import io.urteil.worker.call.Capacity;
import io.urteil.worker.call.ServerBreaker;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The capacities that judges occupy. All judges and runs share the capacity of a model, since they
 * share its slots or requests. A plug-in occupies a thread. Thread-safe.
 */
final class JudgeCapacities {

  /** Calls of one plug-in judge at the same time; many only wait for a server. */
  private static final int PLUG_IN_THREADS = 256;

  /** Rules share the processors; see {@link CallLimits#computes}. */
  private static final Shares NONE = candidates -> List.of();

  private final Map<ChatModel, Capacity> models = new ConcurrentHashMap<>();
  private final Map<ScalarJudge, Capacity> scalars = new ConcurrentHashMap<>();
  private final Map<String, ServerBreaker> servers = new ConcurrentHashMap<>();

  /** The shares of a call in the capacities of a judge. */
  @FunctionalInterface
  interface Shares {
    /** In an order that is the same for all judges, so that calls cannot block each other. */
    List<CallLimits.Share> of(int candidates);
  }

  Shares of(Judge judge, JudgeSection description) {
    return switch (judge) {
      case ModelBacked backed -> candidates -> shares(backed.samplesAtOnce(candidates));
      case ScalarJudge scalar ->
          one(
              scalars.computeIfAbsent(
                  scalar, absent -> new Capacity(ScalarJudge.CONCURRENCY, null)));
      default -> description instanceof RuleJudge ? NONE : one(new Capacity(PLUG_IN_THREADS, null));
    };
  }

  /** The servers that do not respond, for the operator. */
  List<String> outages() {
    return servers.values().stream().flatMap(server -> server.outage().stream()).sorted().toList();
  }

  private static Shares one(Capacity capacity) {
    List<CallLimits.Share> shares = List.of(new CallLimits.Share(capacity, 1));
    return candidates -> shares;
  }

  private List<CallLimits.Share> shares(Map<ChatModel, Integer> samples) {
    return samples.entrySet().stream()
        .map(
            entry -> {
              Capacity capacity = models.computeIfAbsent(entry.getKey(), this::capacity);
              return new CallLimits.Share(capacity, permits(entry.getValue(), capacity.size()));
            })
        .sorted(Comparator.comparing(share -> share.capacity().order()))
        .toList();
  }

  private Capacity capacity(ChatModel model) {
    return new Capacity(
        model.concurrency(),
        model
            .address()
            .map(address -> servers.computeIfAbsent(address, ServerBreaker::new))
            .orElse(null));
  }

  /**
   * The permits of a call. A call that fills the model is alone. Of smaller ones, enough start that
   * their samples keep the model busy when some are finished.
   */
  static int permits(int samples, int concurrency) {
    return samples >= concurrency ? concurrency : Math.ceilDiv(samples, 2);
  }
}
