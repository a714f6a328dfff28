package io.urteil.gateway.http;

import io.urteil.event.GroupOutcome;
import io.urteil.event.Judgement;
import io.urteil.gateway.Gateway;
import io.urteil.gateway.GroupName;
import io.urteil.gateway.GroupProgress;
import io.urteil.gateway.GroupWatcher;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.Submission;
import io.urteil.gateway.cohort.CohortKey;
import io.urteil.gateway.cohort.CohortRules;
import io.urteil.gateway.cohort.CohortSlot;
import io.urteil.gateway.tenant.Tenant;
import io.urteil.run.RunFile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The gateway as one tenant sees it, for one request: only the runs that it may use, and only its
 * own groups, under the ids that it gave to them. Thread-safe.
 */
public final class TenantGateway {

  private final Gateway gateway;
  private final Tenant tenant;
  private final String root;
  private final BooleanSupplier isOpen;

  /**
   * @param root of the API, as the request reached it, for references to other resources
   * @param isOpen whether the client of the request still waits
   */
  TenantGateway(Gateway gateway, Tenant tenant, String root, BooleanSupplier isOpen) {
    this.gateway = gateway;
    this.tenant = tenant;
    this.root = root;
    this.isOpen = isOpen;
  }

  /**
   * As {@link Gateway#submit(Tenant, List)}.
   *
   * @throws RefusedException also if the tenant may not use a run
   */
  public CompletableFuture<@Nullable Void> submit(List<Submission> submissions) {
    submissions.forEach(submission -> requireAllowed(submission.name().run()));
    return gateway.submit(
        tenant,
        submissions.stream()
            .map(
                submission ->
                    new Submission(
                        stored(submission.name()),
                        submission.prompt(),
                        submission.reference(),
                        submission.columns(),
                        submission.size(),
                        submission.members()))
            .toList());
  }

  /**
   * Joins samples of this request to cohorts, as {@link Gateway#join}.
   *
   * @param prompt id of what the samples have in common
   * @throws RefusedException also if the tenant may not use the run
   */
  public CompletableFuture<Optional<List<CohortSlot>>> join(
      RunFile run, String prompt, List<String> samples, long bytes, Duration atMost) {
    requireAllowed(run.run());
    return gateway.join(
        tenant,
        new CohortKey(run.run(), tenant.stored("cohort/" + prompt)),
        new CohortRules(run.gateway().size(run.group()), run.gateway().longestWait()),
        samples,
        bytes,
        isOpen,
        atMost);
  }

  /** As {@link Gateway#outcomes}. */
  public CompletableFuture<Map<GroupName, GroupOutcome>> outcomes(
      Collection<GroupName> names, Duration atMost) {
    return gateway
        .outcomes(names.stream().map(this::stored).toList(), atMost)
        .thenApply(
            closed -> {
              Map<GroupName, GroupOutcome> own = new LinkedHashMap<>();
              for (GroupName name : names) {
                GroupOutcome outcome = closed.get(stored(name));
                if (outcome != null) {
                  own.put(name, shown(outcome));
                }
              }
              return own;
            });
  }

  /** As {@link Gateway#progress}. */
  public Optional<GroupProgress> progress(GroupName name) {
    return gateway
        .progress(stored(name))
        .map(group -> new GroupProgress(name, group.judged(), group.expected(), group.cancelled()));
  }

  /** As {@link Gateway#judgements}. */
  public CompletableFuture<List<Judgement>> judgements(GroupName name) {
    return gateway.judgements(stored(name));
  }

  /** The tenant's groups with this id, in the runs that it may use. */
  public List<GroupName> named(String id) {
    return gateway.named(tenant.stored(id)).stream()
        .filter(name -> tenant.mayUse(name.run()))
        .map(name -> new GroupName(name.run(), id))
        .toList();
  }

  /** As {@link Gateway#watch}. */
  public Runnable watch(GroupName name, long after, GroupWatcher watcher) {
    return gateway.watch(
        stored(name),
        after,
        new GroupWatcher() {
          @Override
          public void judged(
              long position,
              String arm,
              int index,
              String judge,
              String status,
              @Nullable String error) {
            watcher.judged(position, arm, index, judge, status, error);
          }

          @Override
          public void closed(GroupOutcome outcome) {
            watcher.closed(shown(outcome));
          }
        });
  }

  /** As {@link Gateway#cancel}. */
  public CompletableFuture<@Nullable Void> cancel(GroupName name) {
    return gateway.cancel(stored(name));
  }

  /**
   * The file of a published run.
   *
   * @throws RefusedException if the tenant may not use it, whether it exists or not
   */
  public Optional<RunFile> run(String run) {
    requireAllowed(run);
    return gateway.run(run);
  }

  /** The files of the published runs that the tenant may use, by name. */
  public Map<String, RunFile> runs() {
    Map<String, RunFile> allowed = new TreeMap<>(gateway.runs());
    allowed.keySet().removeIf(run -> !tenant.mayUse(run));
    return allowed;
  }

  /** How long a request is held that has this header {@code Prefer}. */
  Duration hold(@Nullable String prefer) {
    return HoldTime.of(prefer, gateway.settings().hold(), gateway.settings().longestHold());
  }

  /** A name that the tenant chose, different from the same name of another tenant. */
  public String scoped(String name) {
    return tenant.stored(name);
  }

  /** A reference to a group, for the client of this request. It never contains a key. */
  String location(String run, String id) {
    return "%sgroups/%s?run=%s".formatted(root, encoded(id), encoded(run));
  }

  private void requireAllowed(String run) {
    if (!tenant.mayUse(run)) {
      throw new RefusedException(
          new Refusal.Forbidden(
              "run: '%s' (expected: a run that tenant '%s' may use; GET /v1/runs lists them)"
                  .formatted(run, tenant.name())));
    }
  }

  private GroupName stored(GroupName name) {
    return new GroupName(name.run(), tenant.stored(name.id()));
  }

  private GroupOutcome shown(GroupOutcome outcome) {
    String id = tenant.shown(outcome.getGroupId()).orElseThrow();
    return id.equals(outcome.getGroupId())
        ? outcome
        : GroupOutcome.newBuilder(outcome).setGroupId(id).build();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
