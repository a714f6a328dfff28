package io.urteil.file;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a model on the Hugging Face hub, {@code OWNER/MODEL} or {@code OWNER/MODEL@REVISION}.
 *
 * @param owner user or organisation
 * @param model name below the owner
 * @param revision branch, tag or commit
 */
public record ModelName(String owner, String model, String revision) {

  /** The revision of a name without one. */
  public static final String MAIN = "main";

  private static final int SEGMENT_MAX = 96;
  private static final int REVISION_MAX = 200;
  private static final String SEGMENT = "[A-Za-z0-9_][A-Za-z0-9._-]*";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  public ModelName {
    if (!isSegment(owner) || !isSegment(model) || !isRevision(revision)) {
      throw new IllegalArgumentException(
          "model name: '%s/%s@%s' (expected: OWNER/MODEL or OWNER/MODEL@REVISION)"
              .formatted(owner, model, revision));
    }
  }

  /** The name that a text spells; empty if it spells none. */
  public static Optional<ModelName> parse(String text) {
    int at = text.indexOf('@');
    String id = at < 0 ? text : text.substring(0, at);
    String revision = at < 0 ? MAIN : text.substring(at + 1);
    int slash = id.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String owner = id.substring(0, slash);
    String model = id.substring(slash + 1);
    return isSegment(owner) && isSegment(model) && isRevision(revision)
        ? Optional.of(new ModelName(owner, model, revision))
        : Optional.empty();
  }

  /** Whether a text is the SHA-1 of a commit. */
  public static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** The name without its revision. */
  public String id() {
    return owner + "/" + model;
  }

  /** This model at another revision. */
  public ModelName at(String other) {
    return new ModelName(owner, model, other);
  }

  @Override
  public String toString() {
    return revision.equals(MAIN) ? id() : id() + "@" + revision;
  }

  /** The hub allows neither two dots nor two hyphens; its cache separates with two hyphens. */
  private static boolean isSegment(String text) {
    return text.matches(SEGMENT)
        && text.length() <= SEGMENT_MAX
        && !text.endsWith(".")
        && !text.endsWith("-")
        && !text.contains("..")
        && !text.contains("--");
  }

  private static boolean isRevision(String text) {
    return text.matches("[A-Za-z0-9_][A-Za-z0-9._/+-]*")
        && text.length() <= REVISION_MAX
        && !text.contains("..")
        && !text.contains("//")
        && !text.contains("/.")
        && !text.endsWith("/");
  }
}
