package io.urteil.gateway.http;

import io.urteil.event.ContentHash;
import io.urteil.event.FinishReason;
import io.urteil.gateway.GroupName;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.Submission;
import io.urteil.gateway.SubmittedMember;
import io.urteil.gateway.SubmittedMessage;
import io.urteil.gateway.SubmittedTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns the body of {@code POST /v1/rewards} into submissions. Pure, but for made ids. */
final class SubmissionReader {

  private static final int KEY_DIGITS = 32;

  private SubmissionReader() {}

  /**
   * @param key of idempotency: the groups without an id have one of the key and their position;
   *     null for a new id each
   * @throws RefusedException if the body is invalid
   */
  static List<Submission> read(@Nullable RewardsRequest body, @Nullable String key) {
    if (body == null) {
      throw invalid("body: empty (expected: {\"run\": …, \"groups\": […]})");
    }
    if (body.run() == null || body.run().isBlank()) {
      throw invalid("run: missing (expected: the name of a published run)");
    }
    List<GroupBody> groups = body.groups() == null ? List.of() : body.groups();
    if (groups.isEmpty()) {
      throw invalid("groups: 0 (expected: at least one)");
    }
    List<Submission> submissions = new ArrayList<>();
    for (GroupBody group : groups) {
      String place = "groups[%d]".formatted(submissions.size());
      if (group == null) {
        throw invalid(place + ": null (expected: a group)");
      }
      try {
        submissions.add(submission(body.run(), group, id(group, key, submissions.size())));
      } catch (RefusedException e) {
        throw invalid(place + "." + e.refusal().message());
      }
    }
    return submissions;
  }

  private static String id(GroupBody group, @Nullable String key, int position) {
    if (group.id() != null && !group.id().isEmpty()) {
      return group.id();
    }
    return key == null
        ? UUID.randomUUID().toString()
        : "key/%s/%d".formatted(ContentHash.of(key).substring(0, KEY_DIGITS), position);
  }

  private static Submission submission(String run, GroupBody group, String id) {
    if ((group.prompt() == null) == (group.messages() == null)) {
      throw invalid(
          group.prompt() == null
              ? "prompt: missing (expected: prompt or messages)"
              : "prompt: beside messages (expected: one of the two)");
    }
    List<SubmittedMessage> prompt =
        group.messages() == null
            ? List.of(new SubmittedMessage("user", Objects.requireNonNull(group.prompt())))
            : messages(group.messages(), "messages");
    List<MemberBody> bodies = group.members() == null ? List.of() : group.members();
    List<SubmittedMember> members = new ArrayList<>();
    for (MemberBody member : bodies) {
      String place = "members[%d]".formatted(members.size());
      if (member == null) {
        throw invalid(place + ": null (expected: a member)");
      }
      members.add(member(member, members.size(), place));
    }
    Map<String, String> columns = group.columns() == null ? Map.of() : group.columns();
    columns.forEach(
        (name, value) -> {
          if (value == null) {
            throw invalid("columns." + name + ": null (expected: a text)");
          }
        });
    return new Submission(
        new GroupName(run, id), prompt, group.reference(), columns, group.size(), members);
  }

  private static SubmittedMember member(MemberBody member, int position, String place) {
    if ((member.text() == null) == (member.messages() == null)) {
      throw invalid(
          place
              + (member.text() == null
                  ? ".text: missing (expected: text or messages)"
                  : ".text: beside messages (expected: one of the two)"));
    }
    List<SubmittedMessage> messages =
        member.messages() == null
            ? List.of(new SubmittedMessage("assistant", Objects.requireNonNull(member.text())))
            : messages(member.messages(), place + ".messages");
    List<Integer> ids = member.tokenIds() == null ? List.of() : member.tokenIds();
    List<Double> logprobs = member.logprobs() == null ? List.of() : member.logprobs();
    if (Stream.concat(ids.stream(), logprobs.stream()).anyMatch(Objects::isNull)) {
      throw invalid(place + ".tokenIds: null among the values (expected: numbers)");
    }
    return new SubmittedMember(
        member.arm(),
        member.index() == null ? position : member.index(),
        messages,
        ids.isEmpty() && logprobs.isEmpty() ? null : new SubmittedTokens(ids, logprobs),
        finishReason(member.finishReason(), place),
        member.policyVersion());
  }

  private static List<SubmittedMessage> messages(
      List<@Nullable SubmittedMessage> messages, String place) {
    List<SubmittedMessage> checked = new ArrayList<>();
    for (SubmittedMessage message : messages) {
      if (message == null || message.role() == null || message.content() == null) {
        throw invalid(
            "%s[%d]: incomplete (expected: role and content)".formatted(place, checked.size()));
      }
      checked.add(message);
    }
    return checked;
  }

  private static FinishReason finishReason(@Nullable String reason, String place) {
    if (reason == null) {
      return FinishReason.UNKNOWN;
    }
    return switch (reason) {
      case "stop" -> FinishReason.STOP;
      case "length" -> FinishReason.LENGTH;
      case "tool_call", "tool_calls" -> FinishReason.TOOL_CALL;
      case "aborted", "abort" -> FinishReason.ABORTED;
      default ->
          throw invalid(
              "%s.finishReason: '%s' (expected: stop, length, tool_call or aborted)"
                  .formatted(place, reason.length() > 64 ? reason.substring(0, 64) : reason));
    };
  }

  private static RefusedException invalid(String message) {
    return new RefusedException(new Refusal.Invalid(message));
  }
}
