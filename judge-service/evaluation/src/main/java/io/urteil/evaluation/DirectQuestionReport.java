package io.urteil.evaluation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts on one question, as {@code urteil judge --report} writes them.
 *
 * @param judge version of the judge
 * @param verdict with the answers in the order given
 * @param swappedVerdict with the answers swapped; null where no order was swapped
 * @param scores of the answers as shown, in the order given
 * @param swappedScores of the answers as shown, swapped
 * @param agreement of both orders; null where no order was swapped
 */
public record DirectQuestionReport(
    String judge,
    String verdict,
    @Nullable String swappedVerdict,
    List<Double> scores,
    List<Double> swappedScores,
    @Nullable String agreement) {}
