package io.urteil.reward;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Self-Verify's rewards (arXiv 2506.01369): one policy solves problems and verifies solutions. A
 * solution is {@code right} or {@code wrong}. A verification is a prompt whose columns say of how
 * many solutions of the same problem it is one: {@code solutionsRight} G_c and {@code
 * solutionsWrong} G_i, G = G_c + G_i. A right verification is paid {@code verified} times
 *
 * <pre>
 * G / (2 G_c)  of a right solution        G / (2 G_i)  of a wrong one
 * </pre>
 *
 * which pays more for what is rarer and has the mean 1 over a problem's solutions. The paper states
 * these properties; its equation 5 could not be read, so the form is derived, not quoted. Which
 * kind the solution is, is the prompt's reference ({@code yes} or {@code no}).
 */
final class SelfVerify implements RewardRule {

  static final String RIGHT = "solutionsRight";
  static final String WRONG = "solutionsWrong";

  private final RewardSection settings;

  SelfVerify(RewardSection settings) {
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    return group.stream()
        .map(
            member ->
                VerdictScoring.price(
                    member,
                    settings,
                    "label to compare, or its reference or counts of solutions do not fit",
                    verdict -> paid(member, EachVerdict.right(verdict, member.reference()))))
        .toList();
  }

  private @Nullable RewardResult paid(JudgedMember member, @Nullable Boolean right) {
    Map<String, String> columns = member.columns();
    boolean verifies = columns.containsKey(RIGHT) || columns.containsKey(WRONG);
    if (right == null) {
      return null;
    }
    if (!verifies) {
      return VerdictScoring.paid("solution", settings.price(right ? "right" : "wrong"), right);
    }
    double weight = weight(member);
    if (Double.isNaN(weight)) {
      return null;
    }
    double price = right ? settings.price("verified") * weight : settings.price("wrong");
    return VerdictScoring.paid("verification", price, right);
  }

  private static double weight(JudgedMember member) {
    int right = count(member.columns().get(RIGHT));
    int wrong = count(member.columns().get(WRONG));
    int ofKind =
        switch (String.valueOf(member.reference()).strip().toLowerCase(java.util.Locale.ROOT)) {
          case "yes" -> right;
          case "no" -> wrong;
          default -> 0;
        };
    return right < 0 || wrong < 0 || ofKind == 0 ? Double.NaN : (right + wrong) / (2.0 * ofKind);
  }

  private static int count(@Nullable String text) {
    return text != null && text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
  }
}
