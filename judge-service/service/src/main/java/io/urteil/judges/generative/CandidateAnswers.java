package io.urteil.judges.generative;

import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.judge.api.PolicyText;
import io.urteil.model.chat.ChatMessage;
import io.urteil.prompt.Conversation;
import io.urteil.prompt.JudgeQuestion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rollouts of one arm as candidates of a judge prompt: one question and one answer per rollout.
 *
 * @param groupId of the group
 * @param arm of the group
 * @param question the common prompt of the rollouts
 * @param rollouts by position, which is the candidate number of presentations
 * @param answers the policy's last texts, by position
 * @param reference the reference of the arm; null without one
 */
record CandidateAnswers(
    String groupId,
    String arm,
    String question,
    List<Rollout> rollouts,
    List<String> answers,
    @Nullable String reference) {

  /** Data-set column that contains the question, for prompts with additional text. */
  static final String QUESTION_COLUMN = "question";

  static CandidateAnswers of(CandidateGroup group) throws PermanentFailureException {
    List<String> answers = new ArrayList<>();
    for (Rollout rollout : group.candidates()) {
      answers.add(
          PolicyText.last(rollout)
              .orElseThrow(
                  () ->
                      new PermanentFailureException(
                          "rollout %s/%s/%d has no policy text (expected: a segment of role assistant)"
                              .formatted(
                                  rollout.getGroupId(), rollout.getArm(), rollout.getIndex()))));
    }
    Rollout first = group.candidates().getFirst();
    return new CandidateAnswers(
        group.groupId(),
        group.arm(),
        question(first),
        group.candidates(),
        answers,
        first.getReference());
  }

  static CandidateAnswers of(Rollout rollout) throws PermanentFailureException {
    return of(new CandidateGroup(rollout.getGroupId(), rollout.getArm(), List.of(rollout)));
  }

  int size() {
    return answers.size();
  }

  int index(int position) {
    return rollouts.get(position).getIndex();
  }

  JudgeQuestion shown(
      CandidatePresentation presentation, boolean withReference, @Nullable String principle) {
    List<String> inOrder = presentation.order().stream().map(answers::get).toList();
    return new JudgeQuestion(question, inOrder, withReference ? reference : null, principle);
  }

  /** The question column, or the conversation before the policy's last text. */
  private static String question(Rollout rollout) {
    String column = rollout.getColumns().get(QUESTION_COLUMN);
    if (column != null) {
      return column;
    }
    List<ChatMessage> before = new ArrayList<>();
    for (Segment segment : PolicyText.before(rollout)) {
      if (segment.getText() != null) {
        before.add(ChatMessage.of(segment.getRole(), segment.getText()));
      }
    }
    return Conversation.text(before);
  }
}
