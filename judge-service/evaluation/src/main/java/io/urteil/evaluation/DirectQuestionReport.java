package io.urteil.evaluation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts on one question, which {@code urteil judge --report} writes.
 *
 * @param judge version of the judge
 * @param verdict verdict on the answers in the given order; null if that is not presented
 * @param swappedVerdict verdict on the swapped answers; null for a pointwise judge, and if that
 *     order is not presented
 * @param scores scores in the given order; means over several votes
 * @param swappedScores scores in the swapped order, by presented position; empty for a pointwise
 *     judge
 * @param agreement agreement of both orders: consistent, flipped or unreadable; null unless
 *     pairwise and both are presented
 */
public record DirectQuestionReport(
    String judge,
    @Nullable String verdict,
    @Nullable String swappedVerdict,
    List<Double> scores,
    List<Double> swappedScores,
    @Nullable String agreement) {}
