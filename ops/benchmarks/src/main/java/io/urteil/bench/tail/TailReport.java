package io.urteil.bench.tail;

/**
 * The result of {@code urteil bench tail}; times in seconds from the first published rollout to the
 * last judgement.
 *
 * @param rollouts of the run whose server answers some requests late
 * @param concurrency of that server
 * @param idealSeconds if the server is never short of requests
 * @param tailSeconds measured
 * @param ratio of measured to ideal
 * @param aloneSeconds for 12 rollouts of a run, with no other run
 * @param besideDeadSeconds for 12 rollouts while the judge of another run has 4 rollouts and never
 *     returns
 * @param besideBacklogSeconds for 12 rollouts behind {@code backlog} rollouts of that run
 * @param backlog rollouts of the run whose judge never returns
 */
public record TailReport(
    int rollouts,
    int concurrency,
    double idealSeconds,
    double tailSeconds,
    double ratio,
    double aloneSeconds,
    double besideDeadSeconds,
    double besideBacklogSeconds,
    int backlog) {

  /** The report as a table. */
  public String markdown() {
    return """
        | | seconds |
        | --- | ---: |
        | %,d rollouts, concurrency %d, ideal | %.1f |
        | measured | %.1f (%.2f times ideal) |
        | 12 rollouts of another run, alone | %.2f |
        | beside 4 rollouts of a judge that never returns | %.2f |
        | behind %,d rollouts of that judge | %.2f |
        """
        .formatted(
            rollouts,
            concurrency,
            idealSeconds,
            tailSeconds,
            ratio,
            aloneSeconds,
            besideDeadSeconds,
            backlog,
            besideBacklogSeconds);
  }
}
