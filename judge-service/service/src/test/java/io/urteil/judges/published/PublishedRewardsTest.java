package io.urteil.judges.published;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.JudgementStatus;
import io.urteil.judges.published.DifferenceReason.Kind;
import io.urteil.judges.published.PublishedSystem.Outcome;
import io.urteil.judges.rule.VerdictEvents;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.reward.RewardRule;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rewards of this project against those of the published systems, on generated texts. {@code
 * ops/docs/published-rewards.md} has the table, which this test writes to {@code
 * target/published-rewards.md}.
 */
class PublishedRewardsTest {

  private static final int TEXTS = 3_000;
  private static final long SEED = 1;
  private static final Path PAGE = Path.of("../../ops/docs/published-rewards.md");
  private static final Path WRITTEN = Path.of("target/published-rewards.md");

  /** The counts of one system. */
  private static final class Row {
    private int equal;
    private final Map<DifferenceReason, Integer> different = new EnumMap<>(DifferenceReason.class);
    private final List<String> unexplained = new ArrayList<>();

    int differences() {
      return different.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  @Test
  void shouldDifferFromThePublishedRewardsOnlyForTheListedReasons() throws IOException {
    // When
    Map<PublishedSystem, Row> rows = new EnumMap<>(PublishedSystem.class);
    for (PublishedSystem system : PublishedSystem.values()) {
      JudgeTexts texts = new JudgeTexts(SEED);
      rows.put(system, compared(system, texts, () -> texts.next(system)));
    }
    String table = table(rows);
    Files.createDirectories(WRITTEN.getParent());
    Files.writeString(WRITTEN, table);

    // Then
    assertThat(rows.values().stream().flatMap(row -> row.unexplained.stream())).isEmpty();
    assertThat(rows.values().stream().flatMap(row -> row.different.keySet().stream()).distinct())
        .containsExactlyInAnyOrder(DifferenceReason.values());
    assertThat(Files.readString(PAGE)).contains(table);
  }

  /** Scores above 100 are the only well-formed texts that differ. */
  @ParameterizedTest
  @EnumSource
  void shouldGiveThePublishedRewardToWellFormedTexts(PublishedSystem system) {
    // When
    JudgeTexts texts = new JudgeTexts(SEED);
    Row row = compared(system, texts, () -> texts.wellFormed(system));

    // Then
    assertThat(row.unexplained).isEmpty();
    assertThat(row.different.keySet())
        .isEqualTo(
            system == PublishedSystem.THINKJ_SCORES
                ? Set.of(DifferenceReason.OUT_OF_RANGE)
                : Set.of());
  }

  private static Row compared(PublishedSystem system, JudgeTexts texts, Supplier<String> next) {
    Row row = new Row();
    VerdictFormat format = VerdictFormat.named(system.format());
    RewardRule rule = rule(system);
    for (int made = 0; made < TEXTS; made += system.arms().size()) {
      String reference = texts.reference(system);
      List<String> group = new ArrayList<>();
      system.arms().forEach(arm -> group.add(next.get()));
      List<ParsedVerdict> parsed = group.stream().map(format::parse).toList();
      List<RewardResult> rewards = rule.rewards(members(system, parsed, reference));
      List<Outcome> published = system.of(group, reference);
      for (int i = 0; i < group.size(); i++) {
        count(
            row,
            system,
            group,
            parsed,
            i,
            ((RewardResult.Scored) rewards.get(i)).value(),
            published);
      }
    }
    return row;
  }

  private static void count(
      Row row,
      PublishedSystem system,
      List<String> group,
      List<ParsedVerdict> parsed,
      int member,
      double reward,
      List<Outcome> published) {
    if (Math.abs(reward - published.get(member).reward()) < 1e-9) {
      row.equal++;
      return;
    }
    // In a pair, the text of the partner may be the cause.
    for (int i : Arrays.asList(member, group.size() - 1 - member)) {
      Kind kind = kind(parsed.get(i) instanceof ParsedVerdict.Read, published.get(i).isRead());
      String text = group.get(i);
      Optional<DifferenceReason> reason =
          Arrays.stream(DifferenceReason.values())
              .filter(known -> known.explains(system, kind, text))
              .findFirst();
      if (reason.isPresent()) {
        row.different.merge(reason.get(), 1, Integer::sum);
        return;
      }
    }
    row.unexplained.add(
        "%s: %s here, %s published: %s"
            .formatted(
                system,
                reward,
                published,
                group.stream().map(t -> t.replace("\n", "\\n")).toList()));
  }

  private static Kind kind(boolean here, boolean there) {
    if (here) {
      return there ? Kind.OTHER_VERDICT : Kind.READ_HERE;
    }
    return there ? Kind.REFUSED_HERE : Kind.OTHER_FAULT;
  }

  private static List<JudgedMember> members(
      PublishedSystem system, List<ParsedVerdict> parsed, String reference) {
    List<JudgedMember> members = new ArrayList<>();
    for (int i = 0; i < parsed.size(); i++) {
      members.add(
          new JudgedMember(
              system.arms().get(i),
              0,
              system.reference(i, reference),
              Map.of(),
              new JudgedMember.Length(10, false),
              Map.of("outcome", finding(parsed.get(i)))));
    }
    return members;
  }

  private static JudgedMember.Finding finding(ParsedVerdict parsed) {
    return switch (parsed) {
      case ParsedVerdict.Read read ->
          new JudgedMember.Finding("outcome", JudgementStatus.SCORED, VerdictEvents.of(read), null);
      case ParsedVerdict.Unparseable unparseable ->
          new JudgedMember.Finding(
              "outcome", JudgementStatus.UNPARSEABLE, null, unparseable.fault().spelling());
      case ParsedVerdict.Abstained _ -> throw new AssertionError("none of these formats abstains");
    };
  }

  private static RewardRule rule(PublishedSystem system) {
    String text =
        """
        run: published
        group: { arms: [%s] }
        judges: { outcome: { type: verdict, format: %s } }
        reward: %s
        batch: { kind: none }
        """
            .formatted(String.join(", ", system.arms()), system.format(), system.reward());
    return RunFileReader.read("published", text).reward();
  }

  private static String table(Map<PublishedSystem, Row> rows) {
    StringBuilder text =
        new StringBuilder("| system | texts | equal | different |\n| --- | ---: | ---: | ---: |\n");
    rows.forEach(
        (system, row) ->
            text.append(
                "| %s | %,d | %,d | %,d |\n"
                    .formatted(system.label(), TEXTS, row.equal, row.differences())));
    text.append("\n| here | reason | texts |\n| --- | --- | --- |\n");
    for (DifferenceReason reason : DifferenceReason.values()) {
      text.append(
          "| %s | %s | %s |\n"
              .formatted(reason.kind().label(), reason.sentence(), bySystem(rows, reason)));
    }
    return text.toString();
  }

  private static String bySystem(Map<PublishedSystem, Row> rows, DifferenceReason reason) {
    return rows.entrySet().stream()
        .filter(row -> row.getValue().different.containsKey(reason))
        .map(row -> row.getKey().label() + ": " + row.getValue().different.get(reason))
        .collect(Collectors.joining("; "));
  }
}
