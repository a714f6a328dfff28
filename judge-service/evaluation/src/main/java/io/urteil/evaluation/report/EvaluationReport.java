package io.urteil.evaluation.report;

import io.urteil.evaluation.measure.EvaluationResult;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of an evaluation with everything needed to repeat it, as written by {@code --report}.
 *
 * <p>Figures of the judge stand at the top where one judge was evaluated; where a file of recorded
 * verdicts held several, they are null there and stand in {@code judges} alone.
 *
 * @param benchmark its name
 * @param data files by name, with the SHA-256 of each
 * @param judge who judged; null for several
 * @param runFileHash SHA-256 of the run file as published for this evaluation
 * @param runFile that run file, word for word
 * @param inputs files that the run file names, with the SHA-256 of each
 * @param command as it was called
 * @param version of Urteil
 * @param machine processor architecture, number of processors, Java
 * @param orders which orders of the candidates were judged
 * @param seed of random orders, of sampling and of the bootstrap
 * @param createdAt when the report was written, ISO 8601
 * @param seconds from the first comparison sent to the last judged
 * @param alreadyJudged rulings taken from the log, since they were judged before
 * @param rule how the accuracy is counted
 * @param items file beside the report with every ruling, as JSON lines
 * @param floors what judges that read nothing come to, by name
 * @param judges the figures of each judge by name
 */
public record EvaluationReport(
    String benchmark,
    SequencedMap<String, String> data,
    @Nullable String judge,
    String runFileHash,
    String runFile,
    SequencedMap<String, String> inputs,
    List<String> command,
    String version,
    String machine,
    String orders,
    long seed,
    String createdAt,
    double seconds,
    int alreadyJudged,
    String rule,
    @Nullable String items,
    int comparisons,
    @Nullable Integer rulings,
    @Nullable Double accuracy,
    @Nullable Double strictAccuracy,
    @Nullable Double macroPrecision,
    @Nullable Double macroRecall,
    @Nullable Double macroF1,
    @Nullable Double positionConsistentAccuracy,
    @Nullable Double flipRate,
    @Nullable Double firstPreference,
    @Nullable Double longerPreference,
    @Nullable Double ties,
    @Nullable Double unparseable,
    @Nullable Double abstained,
    @Nullable Double failed,
    SequencedMap<String, Double> floors,
    SequencedMap<String, EvaluationResult> judges) {}
